package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.AT_FDCWD;
import static dev.ringflow.uring.UringConstants.IORING_OP_LINKAT;
import static dev.ringflow.uring.UringConstants.IORING_OP_MKDIRAT;
import static dev.ringflow.uring.UringConstants.IORING_OP_RENAMEAT;
import static dev.ringflow.uring.UringConstants.IORING_OP_SYMLINKAT;
import static dev.ringflow.uring.UringConstants.IORING_OP_UNLINKAT;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * The prep functions for names in directories: renaming, removing, linking; {@link Sqe} tells what holds for all of
 * them.
 */
public abstract class SqePathPreparation extends SqeAttributePreparation {
    SqePathPreparation(final LongBuffer words, final HeldMemory heldMemory) {
        super(words, heldMemory);
    }

    /**
     * {@code io_uring_prep_rename(3)}: {@code rename(2)}. Since Linux 5.11.
     *
     * @param oldPathAddress the old path, ended by a NUL; delicate: the kernel's until the submission
     * @param newPathAddress the new path, ended by a NUL; delicate: the kernel's until the submission
     */
    public final void prepRename(final long oldPathAddress, final long newPathAddress) {
        prepRenameat(AT_FDCWD, oldPathAddress, AT_FDCWD, newPathAddress, 0);
    }

    /**
     * {@link #prepRename(long, long)} with the paths in buffers.
     *
     * @param oldPath the old path from position on, ended by a NUL; held until the completion
     * @param newPath the new path from position on, ended by a NUL; held until the completion
     */
    public final void prepRename(final ByteBuffer oldPath, final ByteBuffer newPath) {
        prepRenameat(AT_FDCWD, oldPath, AT_FDCWD, newPath, 0);
    }

    /**
     * {@code io_uring_prep_renameat(3)}: {@code renameat2(2)}. Since Linux 5.11.
     *
     * @param oldDfd directory that a relative old path starts from, or {@code AT_FDCWD}
     * @param oldPathAddress the old path, ended by a NUL; delicate: the kernel's until the submission
     * @param newDfd directory that a relative new path starts from, or {@code AT_FDCWD}
     * @param newPathAddress the new path, ended by a NUL; delicate: the kernel's until the submission
     * @param flags {@code RENAME_} flags
     */
    public final void prepRenameat(
            final int oldDfd, final long oldPathAddress, final int newDfd, final long newPathAddress, final int flags) {
        prepRw(IORING_OP_RENAMEAT, oldDfd, oldPathAddress, newDfd, newPathAddress);
        rwFlags(flags);
    }

    /**
     * {@link #prepRenameat(int, long, int, long, int)} with the paths in buffers.
     *
     * @param oldDfd directory that a relative old path starts from, or {@code AT_FDCWD}
     * @param oldPath the old path from position on, ended by a NUL; held until the completion
     * @param newDfd directory that a relative new path starts from, or {@code AT_FDCWD}
     * @param newPath the new path from position on, ended by a NUL; held until the completion
     * @param flags {@code RENAME_} flags
     */
    public final void prepRenameat(
            final int oldDfd, final ByteBuffer oldPath, final int newDfd, final ByteBuffer newPath, final int flags) {
        prepRenameat(oldDfd, string(oldPath), newDfd, string(newPath), flags);
    }

    /**
     * {@code io_uring_prep_unlink(3)}: {@code unlink(2)}, or {@code rmdir(2)}. Since Linux 5.11.
     *
     * @param pathAddress the path, ended by a NUL; delicate: the kernel's until the submission
     * @param flags 0, or {@code AT_REMOVEDIR} for an empty directory
     */
    public final void prepUnlink(final long pathAddress, final int flags) {
        prepUnlinkat(AT_FDCWD, pathAddress, flags);
    }

    /**
     * {@link #prepUnlink(long, int)} with the path in a buffer.
     *
     * @param path the path from position on, ended by a NUL; held until the completion
     * @param flags 0, or {@code AT_REMOVEDIR} for an empty directory
     */
    public final void prepUnlink(final ByteBuffer path, final int flags) {
        prepUnlinkat(AT_FDCWD, path, flags);
    }

    /**
     * {@code io_uring_prep_unlinkat(3)}: {@code unlinkat(2)}. Since Linux 5.11.
     *
     * @param dfd directory that a relative path starts from, or {@code AT_FDCWD}
     * @param pathAddress the path, ended by a NUL; delicate: the kernel's until the submission
     * @param flags 0, or {@code AT_REMOVEDIR} for an empty directory
     */
    public final void prepUnlinkat(final int dfd, final long pathAddress, final int flags) {
        prepRw(IORING_OP_UNLINKAT, dfd, pathAddress, 0, 0);
        rwFlags(flags);
    }

    /**
     * {@link #prepUnlinkat(int, long, int)} with the path in a buffer.
     *
     * @param dfd directory that a relative path starts from, or {@code AT_FDCWD}
     * @param path the path from position on, ended by a NUL; held until the completion
     * @param flags 0, or {@code AT_REMOVEDIR} for an empty directory
     */
    public final void prepUnlinkat(final int dfd, final ByteBuffer path, final int flags) {
        prepUnlinkat(dfd, string(path), flags);
    }

    /**
     * {@code io_uring_prep_mkdir(3)}: {@code mkdir(2)}. Since Linux 5.15.
     *
     * @param pathAddress the path, ended by a NUL; delicate: the kernel's until the submission
     * @param mode permissions of the new directory
     */
    public final void prepMkdir(final long pathAddress, final int mode) {
        prepMkdirat(AT_FDCWD, pathAddress, mode);
    }

    /**
     * {@link #prepMkdir(long, int)} with the path in a buffer.
     *
     * @param path the path from position on, ended by a NUL; held until the completion
     * @param mode permissions of the new directory
     */
    public final void prepMkdir(final ByteBuffer path, final int mode) {
        prepMkdirat(AT_FDCWD, path, mode);
    }

    /**
     * {@code io_uring_prep_mkdirat(3)}: {@code mkdirat(2)}. Since Linux 5.15.
     *
     * @param dfd directory that a relative path starts from, or {@code AT_FDCWD}
     * @param pathAddress the path, ended by a NUL; delicate: the kernel's until the submission
     * @param mode permissions of the new directory
     */
    public final void prepMkdirat(final int dfd, final long pathAddress, final int mode) {
        prepRw(IORING_OP_MKDIRAT, dfd, pathAddress, mode, 0);
    }

    /**
     * {@link #prepMkdirat(int, long, int)} with the path in a buffer.
     *
     * @param dfd directory that a relative path starts from, or {@code AT_FDCWD}
     * @param path the path from position on, ended by a NUL; held until the completion
     * @param mode permissions of the new directory
     */
    public final void prepMkdirat(final int dfd, final ByteBuffer path, final int mode) {
        prepMkdirat(dfd, string(path), mode);
    }

    /**
     * {@code io_uring_prep_symlink(3)}: {@code symlink(2)}. Since Linux 5.15.
     *
     * @param targetAddress what the link says, any text, ended by a NUL; delicate: the kernel's until the submission
     * @param linkPathAddress the path of the link, ended by a NUL; delicate: the kernel's until the submission
     */
    public final void prepSymlink(final long targetAddress, final long linkPathAddress) {
        prepSymlinkat(targetAddress, AT_FDCWD, linkPathAddress);
    }

    /**
     * {@link #prepSymlink(long, long)} with buffers.
     *
     * @param target what the link says, any text, from position on, ended by a NUL; held until the completion
     * @param linkPath the path of the link from position on, ended by a NUL; held until the completion
     */
    public final void prepSymlink(final ByteBuffer target, final ByteBuffer linkPath) {
        prepSymlinkat(target, AT_FDCWD, linkPath);
    }

    /**
     * {@code io_uring_prep_symlinkat(3)}: {@code symlinkat(2)}. Since Linux 5.15.
     *
     * @param targetAddress what the link says, any text, ended by a NUL; delicate: the kernel's until the submission
     * @param newDfd directory that a relative path of the link starts from, or {@code AT_FDCWD}
     * @param linkPathAddress the path of the link, ended by a NUL; delicate: the kernel's until the submission
     */
    public final void prepSymlinkat(final long targetAddress, final int newDfd, final long linkPathAddress) {
        prepRw(IORING_OP_SYMLINKAT, newDfd, targetAddress, 0, linkPathAddress);
    }

    /**
     * {@link #prepSymlinkat(long, int, long)} with buffers.
     *
     * @param target what the link says, any text, from position on, ended by a NUL; held until the completion
     * @param newDfd directory that a relative path of the link starts from, or {@code AT_FDCWD}
     * @param linkPath the path of the link from position on, ended by a NUL; held until the completion
     */
    public final void prepSymlinkat(final ByteBuffer target, final int newDfd, final ByteBuffer linkPath) {
        prepSymlinkat(string(target), newDfd, string(linkPath));
    }

    /**
     * {@code io_uring_prep_link(3)}: {@code link(2)}, another name for a file. Since Linux 5.15.
     *
     * @param oldPathAddress the old path, ended by a NUL; delicate: the kernel's until the submission
     * @param newPathAddress the new path, ended by a NUL; delicate: the kernel's until the submission
     * @param flags 0, {@code AT_SYMLINK_FOLLOW} or {@code AT_EMPTY_PATH}
     */
    public final void prepLink(final long oldPathAddress, final long newPathAddress, final int flags) {
        prepLinkat(AT_FDCWD, oldPathAddress, AT_FDCWD, newPathAddress, flags);
    }

    /**
     * {@link #prepLink(long, long, int)} with the paths in buffers.
     *
     * @param oldPath the old path from position on, ended by a NUL; held until the completion
     * @param newPath the new path from position on, ended by a NUL; held until the completion
     * @param flags 0, {@code AT_SYMLINK_FOLLOW} or {@code AT_EMPTY_PATH}
     */
    public final void prepLink(final ByteBuffer oldPath, final ByteBuffer newPath, final int flags) {
        prepLinkat(AT_FDCWD, oldPath, AT_FDCWD, newPath, flags);
    }

    /**
     * {@code io_uring_prep_linkat(3)}: {@code linkat(2)}, another name for a file. Since Linux 5.15.
     *
     * @param oldDfd directory that a relative old path starts from, or {@code AT_FDCWD}
     * @param oldPathAddress the old path, ended by a NUL; delicate: the kernel's until the submission
     * @param newDfd directory that a relative new path starts from, or {@code AT_FDCWD}
     * @param newPathAddress the new path, ended by a NUL; delicate: the kernel's until the submission
     * @param flags 0, {@code AT_SYMLINK_FOLLOW} or {@code AT_EMPTY_PATH}
     */
    public final void prepLinkat(
            final int oldDfd, final long oldPathAddress, final int newDfd, final long newPathAddress, final int flags) {
        prepRw(IORING_OP_LINKAT, oldDfd, oldPathAddress, newDfd, newPathAddress);
        rwFlags(flags);
    }

    /**
     * {@link #prepLinkat(int, long, int, long, int)} with the paths in buffers.
     *
     * @param oldDfd directory that a relative old path starts from, or {@code AT_FDCWD}
     * @param oldPath the old path from position on, ended by a NUL; held until the completion
     * @param newDfd directory that a relative new path starts from, or {@code AT_FDCWD}
     * @param newPath the new path from position on, ended by a NUL; held until the completion
     * @param flags 0, {@code AT_SYMLINK_FOLLOW} or {@code AT_EMPTY_PATH}
     */
    public final void prepLinkat(
            final int oldDfd, final ByteBuffer oldPath, final int newDfd, final ByteBuffer newPath, final int flags) {
        prepLinkat(oldDfd, string(oldPath), newDfd, string(newPath), flags);
    }
}
