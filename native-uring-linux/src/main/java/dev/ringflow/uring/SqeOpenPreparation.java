package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.AT_FDCWD;
import static dev.ringflow.uring.UringConstants.IORING_OP_CLOSE;
import static dev.ringflow.uring.UringConstants.IORING_OP_OPENAT;
import static dev.ringflow.uring.UringConstants.IORING_OP_OPENAT2;

import dev.ringflow.uring.struct.OpenHow;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/** The prep functions that open and close files; {@link Sqe} tells what holds for all of them. */
public abstract class SqeOpenPreparation extends SqePipePreparation {
    SqeOpenPreparation(final LongBuffer words, final HeldMemory heldMemory) {
        super(words, heldMemory);
    }

    /**
     * {@code io_uring_prep_open(3)}: {@code open(2)}. Completes with a file descriptor. Since Linux 5.6.
     *
     * @param pathAddress the path, ended by a NUL; delicate: the kernel's until the submission
     * @param flags {@code O_} flags; nothing is added, so include {@code O_CLOEXEC}
     * @param mode permissions of a new file
     */
    public final void prepOpen(final long pathAddress, final int flags, final int mode) {
        prepOpenat(AT_FDCWD, pathAddress, flags, mode);
    }

    /**
     * {@link #prepOpen(long, int, int)} with the path in a buffer.
     *
     * @param path the path from position on, ended by a NUL; held until the completion
     * @param flags {@code O_} flags; nothing is added, so include {@code O_CLOEXEC}
     * @param mode permissions of a new file
     */
    public final void prepOpen(final ByteBuffer path, final int flags, final int mode) {
        prepOpenat(AT_FDCWD, path, flags, mode);
    }

    /**
     * {@code io_uring_prep_open_direct(3)}: opens into the table of registered files. Completes as {@link
     * #prepOpenatDirect(int, long, int, int, int)} does. Since Linux 5.15.
     *
     * @param pathAddress the path, ended by a NUL; delicate: the kernel's until the submission
     * @param flags {@code O_} flags without {@code O_CLOEXEC}
     * @param mode permissions of a new file
     * @param fileIndex slot, or {@code IORING_FILE_INDEX_ALLOC} (since Linux 5.19)
     */
    public final void prepOpenDirect(final long pathAddress, final int flags, final int mode, final int fileIndex) {
        prepOpenatDirect(AT_FDCWD, pathAddress, flags, mode, fileIndex);
    }

    /**
     * {@link #prepOpenDirect(long, int, int, int)} with the path in a buffer.
     *
     * @param path the path from position on, ended by a NUL; held until the completion
     * @param flags {@code O_} flags without {@code O_CLOEXEC}
     * @param mode permissions of a new file
     * @param fileIndex slot, or {@code IORING_FILE_INDEX_ALLOC} (since Linux 5.19)
     */
    public final void prepOpenDirect(final ByteBuffer path, final int flags, final int mode, final int fileIndex) {
        prepOpenatDirect(AT_FDCWD, path, flags, mode, fileIndex);
    }

    /**
     * {@code io_uring_prep_openat(3)}: {@code openat(2)}. Completes with a file descriptor. Since Linux 5.6.
     *
     * @param dfd directory that a relative path starts from, or {@code AT_FDCWD}
     * @param pathAddress the path, ended by a NUL; delicate: the kernel's until the submission
     * @param flags {@code O_} flags; nothing is added, so include {@code O_CLOEXEC}
     * @param mode permissions of a new file
     */
    public final void prepOpenat(final int dfd, final long pathAddress, final int flags, final int mode) {
        prepRw(IORING_OP_OPENAT, dfd, pathAddress, mode, 0);
        rwFlags(flags);
    }

    /**
     * {@link #prepOpenat(int, long, int, int)} with the path in a buffer.
     *
     * @param dfd directory that a relative path starts from, or {@code AT_FDCWD}
     * @param path the path from position on, ended by a NUL; held until the completion
     * @param flags {@code O_} flags; nothing is added, so include {@code O_CLOEXEC}
     * @param mode permissions of a new file
     */
    public final void prepOpenat(final int dfd, final ByteBuffer path, final int flags, final int mode) {
        prepOpenat(dfd, string(path), flags, mode);
    }

    /**
     * {@code io_uring_prep_openat_direct(3)}: opens into the table of registered files. Completes with 0, or with the
     * slot when the kernel picked it (-ENFILE when none is free). Since Linux 5.15.
     *
     * @param dfd directory that a relative path starts from, or {@code AT_FDCWD}
     * @param pathAddress the path, ended by a NUL; delicate: the kernel's until the submission
     * @param flags {@code O_} flags without {@code O_CLOEXEC}
     * @param mode permissions of a new file
     * @param fileIndex slot, or {@code IORING_FILE_INDEX_ALLOC} (since Linux 5.19)
     */
    public final void prepOpenatDirect(
            final int dfd, final long pathAddress, final int flags, final int mode, final int fileIndex) {
        prepOpenat(dfd, pathAddress, flags, mode);
        targetFixedFile(fileIndex);
    }

    /**
     * {@link #prepOpenatDirect(int, long, int, int, int)} with the path in a buffer.
     *
     * @param dfd directory that a relative path starts from, or {@code AT_FDCWD}
     * @param path the path from position on, ended by a NUL; held until the completion
     * @param flags {@code O_} flags without {@code O_CLOEXEC}
     * @param mode permissions of a new file
     * @param fileIndex slot, or {@code IORING_FILE_INDEX_ALLOC} (since Linux 5.19)
     */
    public final void prepOpenatDirect(
            final int dfd, final ByteBuffer path, final int flags, final int mode, final int fileIndex) {
        prepOpenatDirect(dfd, string(path), flags, mode, fileIndex);
    }

    /**
     * {@code io_uring_prep_openat2(3)}: {@code openat2(2)}. Completes with a file descriptor. Since Linux 5.6.
     *
     * @param dfd directory that a relative path starts from, or {@code AT_FDCWD}
     * @param pathAddress the path, ended by a NUL; delicate: the kernel's until the submission
     * @param howAddress a {@code struct open_how} ({@link dev.ringflow.uring.struct.OpenHow}); delicate: the
     *     kernel's until the * submission
     */
    public final void prepOpenat2(final int dfd, final long pathAddress, final long howAddress) {
        prepRw(IORING_OP_OPENAT2, dfd, pathAddress, OpenHow.SIZE, howAddress);
    }

    /**
     * {@link #prepOpenat2(int, long, long)} with path and struct in buffers.
     *
     * @param dfd directory that a relative path starts from, or {@code AT_FDCWD}
     * @param path the path from position on, ended by a NUL; held until the completion
     * @param how a {@code struct open_how} ({@link dev.ringflow.uring.struct.OpenHow}) from position on; held until
     *     the completion
     */
    public final void prepOpenat2(final int dfd, final ByteBuffer path, final ByteBuffer how) {
        prepOpenat2(dfd, string(path), sourceStruct(how, OpenHow.SIZE));
    }

    /**
     * {@code io_uring_prep_openat2_direct(3)}: {@code openat2(2)} into the table of registered files; the flags must
     * be without {@code O_CLOEXEC}. Completes as {@link #prepOpenatDirect(int, long, int, int, int)} does. Since
     * Linux 5.15.
     *
     * @param dfd directory that a relative path starts from, or {@code AT_FDCWD}
     * @param pathAddress the path, ended by a NUL; delicate: the kernel's until the submission
     * @param howAddress a {@code struct open_how} ({@link dev.ringflow.uring.struct.OpenHow}); delicate: the
     *     kernel's until the * submission
     * @param fileIndex slot, or {@code IORING_FILE_INDEX_ALLOC} (since Linux 5.19)
     */
    public final void prepOpenat2Direct(
            final int dfd, final long pathAddress, final long howAddress, final int fileIndex) {
        prepOpenat2(dfd, pathAddress, howAddress);
        targetFixedFile(fileIndex);
    }

    /**
     * {@link #prepOpenat2Direct(int, long, long, int)} with path and struct in buffers.
     *
     * @param dfd directory that a relative path starts from, or {@code AT_FDCWD}
     * @param path the path from position on, ended by a NUL; held until the completion
     * @param how a {@code struct open_how} ({@link dev.ringflow.uring.struct.OpenHow}) from position on; held until
     *     the completion
     * @param fileIndex slot, or {@code IORING_FILE_INDEX_ALLOC} (since Linux 5.19)
     */
    public final void prepOpenat2Direct(
            final int dfd, final ByteBuffer path, final ByteBuffer how, final int fileIndex) {
        prepOpenat2Direct(dfd, string(path), sourceStruct(how, OpenHow.SIZE), fileIndex);
    }

    /**
     * {@code io_uring_prep_close(3)}: {@code close(2)}. Requests in flight on the file go on: cancel them first. Since
     * Linux 5.6.
     *
     * @param fd the file
     */
    public final void prepClose(final int fd) {
        prepRw(IORING_OP_CLOSE, fd, 0, 0, 0);
    }

    /**
     * {@code io_uring_prep_close_direct(3)}: empties a slot of the table of registered files. {@code IOSQE_FIXED_FILE}
     * must not be set. Since Linux 5.15.
     *
     * @param fileIndex slot
     */
    public final void prepCloseDirect(final int fileIndex) {
        prepClose(0);
        targetFixedFile(fileIndex);
    }
}
