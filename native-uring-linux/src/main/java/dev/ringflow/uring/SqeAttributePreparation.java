package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_OP_FGETXATTR;
import static dev.ringflow.uring.UringConstants.IORING_OP_FSETXATTR;
import static dev.ringflow.uring.UringConstants.IORING_OP_GETXATTR;
import static dev.ringflow.uring.UringConstants.IORING_OP_SETXATTR;
import static dev.ringflow.uring.UringConstants.IORING_OP_STATX;

import dev.ringflow.uring.struct.Statx;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/** The prep functions for attributes of files; {@link Sqe} tells what holds for all of them. */
public abstract class SqeAttributePreparation extends SqeOpenPreparation {
    SqeAttributePreparation(final LongBuffer words, final HeldMemory heldMemory) {
        super(words, heldMemory);
    }

    /**
     * {@code io_uring_prep_statx(3)}: {@code statx(2)}. Since Linux 5.6.
     *
     * @param dfd directory that a relative path starts from, or {@code AT_FDCWD}, or with {@code AT_EMPTY_PATH} the file
     * @param pathAddress the path, ended by a NUL; delicate: the kernel's until the submission
     * @param flags {@code AT_} flags
     * @param mask {@code STATX_} bits
     * @param statxAddress where the {@code struct statx} goes; delicate: the kernel's until the completion
     */
    public final void prepStatx(
            final int dfd, final long pathAddress, final int flags, final int mask, final long statxAddress) {
        prepRw(IORING_OP_STATX, dfd, pathAddress, mask, statxAddress);
        rwFlags(flags);
    }

    /**
     * {@link #prepStatx(int, long, int, int, long)} with path and struct in buffers.
     *
     * @param dfd directory that a relative path starts from, or {@code AT_FDCWD}, or with {@code AT_EMPTY_PATH} the
     *     file
     * @param path the path from position on, ended by a NUL; held until the completion
     * @param flags {@code AT_} flags
     * @param mask {@code STATX_} bits
     * @param statx where the {@code struct statx} ({@link dev.ringflow.uring.struct.Statx}) goes, from position on;
     *     direct and writable; held until the completion
     */
    public final void prepStatx(
            final int dfd, final ByteBuffer path, final int flags, final int mask, final ByteBuffer statx) {
        prepStatx(dfd, string(path), flags, mask, targetStruct(statx, Statx.SIZE));
    }

    /**
     * {@code io_uring_prep_getxattr(3)}: {@code getxattr(2)}, an extended attribute of a file. Completes with the
     * length of the value, -ENODATA when there is none, -ERANGE when the room is too small. Since Linux 5.19.
     *
     * @param nameAddress the attribute's name with its name space, such as {@code user.origin}, ended by a NUL;
     *     delicate: the kernel's until the submission
     * @param valueAddress where the value goes; delicate: the kernel's until the completion
     * @param pathAddress the path, ended by a NUL; delicate: the kernel's until the submission
     * @param len room for the value in bytes; 0 asks for its length only
     */
    public final void prepGetxattr(
            final long nameAddress, final long valueAddress, final long pathAddress, final int len) {
        prepRw(IORING_OP_GETXATTR, 0, nameAddress, len, valueAddress);
        addr3(pathAddress);
    }

    /**
     * {@link #prepGetxattr(long, long, long, int)} with buffers.
     *
     * @param name the attribute's name with its name space, such as {@code user.origin}, from position on, ended by
     *     a NUL; held until the completion
     * @param value filled from position on; direct and writable; held until the completion
     * @param path the path from position on, ended by a NUL; held until the completion
     */
    public final void prepGetxattr(final ByteBuffer name, final ByteBuffer value, final ByteBuffer path) {
        prepGetxattr(string(name), target(value), string(path), value.remaining());
    }

    /**
     * {@code io_uring_prep_setxattr(3)}: {@code setxattr(2)}. Completes with 0, -EEXIST or -ENODATA as the flags
     * demand. Since Linux 5.19.
     *
     * @param nameAddress the attribute's name with its name space, such as {@code user.origin}, ended by a NUL;
     *     delicate: the kernel's until the submission
     * @param valueAddress the value; delicate: the kernel's until the submission
     * @param pathAddress the path, ended by a NUL; delicate: the kernel's until the submission
     * @param flags 0, {@code XATTR_CREATE} or {@code XATTR_REPLACE}
     * @param len length of the value in bytes
     */
    public final void prepSetxattr(
            final long nameAddress, final long valueAddress, final long pathAddress, final int flags, final int len) {
        prepRw(IORING_OP_SETXATTR, 0, nameAddress, len, valueAddress);
        addr3(pathAddress);
        rwFlags(flags);
    }

    /**
     * {@link #prepSetxattr(long, long, long, int, int)} with buffers.
     *
     * @param name the attribute's name with its name space, such as {@code user.origin}, from position on, ended by
     *     a NUL; held until the completion
     * @param value the value, from position to limit; direct; held until the completion
     * @param path the path from position on, ended by a NUL; held until the completion
     * @param flags 0, {@code XATTR_CREATE} or {@code XATTR_REPLACE}
     */
    public final void prepSetxattr(
            final ByteBuffer name, final ByteBuffer value, final ByteBuffer path, final int flags) {
        prepSetxattr(string(name), source(value), string(path), flags, value.remaining());
    }

    /**
     * {@code io_uring_prep_fgetxattr(3)}: {@code fgetxattr(2)}. Completes as {@link #prepGetxattr(long, long, long,
     * int)} does. Since Linux 5.19.
     *
     * @param fd the file
     * @param nameAddress the attribute's name with its name space, such as {@code user.origin}, ended by a NUL;
     *     delicate: the kernel's until the submission
     * @param valueAddress where the value goes; delicate: the kernel's until the completion
     * @param len room for the value in bytes; 0 asks for its length only
     */
    public final void prepFgetxattr(final int fd, final long nameAddress, final long valueAddress, final int len) {
        prepRw(IORING_OP_FGETXATTR, fd, nameAddress, len, valueAddress);
    }

    /**
     * {@link #prepFgetxattr(int, long, long, int)} with buffers.
     *
     * @param fd the file
     * @param name the attribute's name with its name space, such as {@code user.origin}, from position on, ended by
     *     a NUL; held until the completion
     * @param value filled from position on; direct and writable; held until the completion
     */
    public final void prepFgetxattr(final int fd, final ByteBuffer name, final ByteBuffer value) {
        prepFgetxattr(fd, string(name), target(value), value.remaining());
    }

    /**
     * {@code io_uring_prep_fsetxattr(3)}: {@code fsetxattr(2)}. Completes as {@link #prepSetxattr(long, long, long,
     * int, int)} does. Since Linux 5.19.
     *
     * @param fd the file
     * @param nameAddress the attribute's name with its name space, such as {@code user.origin}, ended by a NUL;
     *     delicate: the kernel's until the submission
     * @param valueAddress the value; delicate: the kernel's until the submission
     * @param flags 0, {@code XATTR_CREATE} or {@code XATTR_REPLACE}
     * @param len length of the value in bytes
     */
    public final void prepFsetxattr(
            final int fd, final long nameAddress, final long valueAddress, final int flags, final int len) {
        prepRw(IORING_OP_FSETXATTR, fd, nameAddress, len, valueAddress);
        rwFlags(flags);
    }

    /**
     * {@link #prepFsetxattr(int, long, long, int, int)} with buffers.
     *
     * @param fd the file
     * @param name the attribute's name with its name space, such as {@code user.origin}, from position on, ended by
     *     a NUL; held until the completion
     * @param value the value, from position to limit; direct; held until the completion
     * @param flags 0, {@code XATTR_CREATE} or {@code XATTR_REPLACE}
     */
    public final void prepFsetxattr(final int fd, final ByteBuffer name, final ByteBuffer value, final int flags) {
        prepFsetxattr(fd, string(name), source(value), flags, value.remaining());
    }
}
