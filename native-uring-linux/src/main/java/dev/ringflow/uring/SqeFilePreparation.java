package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_OP_CLOSE;
import static dev.ringflow.uring.UringConstants.IORING_OP_FALLOCATE;
import static dev.ringflow.uring.UringConstants.IORING_OP_FSYNC;
import static dev.ringflow.uring.UringConstants.IORING_OP_FTRUNCATE;
import static dev.ringflow.uring.UringConstants.IORING_OP_OPENAT;
import static dev.ringflow.uring.UringConstants.IORING_OP_READ;
import static dev.ringflow.uring.UringConstants.IORING_OP_READV;
import static dev.ringflow.uring.UringConstants.IORING_OP_READ_FIXED;
import static dev.ringflow.uring.UringConstants.IORING_OP_STATX;
import static dev.ringflow.uring.UringConstants.IORING_OP_WRITE;
import static dev.ringflow.uring.UringConstants.IORING_OP_WRITEV;
import static dev.ringflow.uring.UringConstants.IORING_OP_WRITE_FIXED;

import java.nio.LongBuffer;

/** The prep functions for files; {@link Sqe} tells what holds for all of them. */
abstract class SqeFilePreparation extends SqeSlot {
    SqeFilePreparation(final LongBuffer words) {
        super(words);
    }

    /**
     * {@code io_uring_prep_read(3)}: reads into memory. Completes with the bytes read, 0 at the end of the file; fewer
     * than asked is no error. Since Linux 5.6.
     *
     * @param fd the file
     * @param bufAddress where to; delicate: the kernel's until the completion
     * @param nbytes at most so many bytes
     * @param offset position in the file; -1 for the file's own position, and for pipes and sockets
     */
    public final void prepRead(final int fd, final long bufAddress, final int nbytes, final long offset) {
        prepRw(IORING_OP_READ, fd, bufAddress, nbytes, offset);
    }

    /**
     * {@code io_uring_prep_write(3)}: writes from memory. Completes with the bytes written; fewer than asked is no error.
     * Since Linux 5.6.
     *
     * @param fd the file
     * @param bufAddress where from; delicate: the kernel's until the completion
     * @param nbytes at most so many bytes
     * @param offset position in the file; -1 for the file's own position, and for pipes and sockets
     */
    public final void prepWrite(final int fd, final long bufAddress, final int nbytes, final long offset) {
        prepRw(IORING_OP_WRITE, fd, bufAddress, nbytes, offset);
    }

    /**
     * {@code io_uring_prep_readv(3)}: reads into several pieces of memory. Since Linux 5.1.
     *
     * @param fd the file
     * @param iovecsAddress an array of {@code struct iovec}; delicate: the kernel's until the submission (the completion
     *     on kernels without {@code IORING_FEAT_SUBMIT_STABLE}), what it points to until the completion
     * @param nrVecs number of iovecs
     * @param offset position in the file; -1 for the file's own position
     */
    public final void prepReadv(final int fd, final long iovecsAddress, final int nrVecs, final long offset) {
        prepRw(IORING_OP_READV, fd, iovecsAddress, nrVecs, offset);
    }

    /**
     * {@code io_uring_prep_readv2(3)}: {@link #prepReadv} with flags.
     *
     * @param fd the file
     * @param iovecsAddress an array of {@code struct iovec}; delicate as in {@link #prepReadv}
     * @param nrVecs number of iovecs
     * @param offset position in the file; -1 for the file's own position
     * @param flags {@code RWF_} flags
     */
    public final void prepReadv2(
            final int fd, final long iovecsAddress, final int nrVecs, final long offset, final int flags) {
        prepReadv(fd, iovecsAddress, nrVecs, offset);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_writev(3)}: writes from several pieces of memory. Since Linux 5.1.
     *
     * @param fd the file
     * @param iovecsAddress an array of {@code struct iovec}; delicate as in {@link #prepReadv}
     * @param nrVecs number of iovecs
     * @param offset position in the file; -1 for the file's own position
     */
    public final void prepWritev(final int fd, final long iovecsAddress, final int nrVecs, final long offset) {
        prepRw(IORING_OP_WRITEV, fd, iovecsAddress, nrVecs, offset);
    }

    /**
     * {@code io_uring_prep_writev2(3)}: {@link #prepWritev} with flags.
     *
     * @param fd the file
     * @param iovecsAddress an array of {@code struct iovec}; delicate as in {@link #prepReadv}
     * @param nrVecs number of iovecs
     * @param offset position in the file; -1 for the file's own position
     * @param flags {@code RWF_} flags
     */
    public final void prepWritev2(
            final int fd, final long iovecsAddress, final int nrVecs, final long offset, final int flags) {
        prepWritev(fd, iovecsAddress, nrVecs, offset);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_read_fixed(3)}: reads into a registered buffer. Since Linux 5.1.
     *
     * @param fd the file
     * @param bufAddress where to, within the registered buffer; the kernel answers -EFAULT for anything outside
     * @param nbytes at most so many bytes
     * @param offset position in the file; -1 for the file's own position
     * @param bufIndex index of the registered buffer
     */
    public final void prepReadFixed(
            final int fd, final long bufAddress, final int nbytes, final long offset, final int bufIndex) {
        prepRw(IORING_OP_READ_FIXED, fd, bufAddress, nbytes, offset);
        bufIndex(bufIndex);
    }

    /**
     * {@code io_uring_prep_write_fixed(3)}: writes from a registered buffer. Since Linux 5.1.
     *
     * @param fd the file
     * @param bufAddress where from, within the registered buffer; the kernel answers -EFAULT for anything outside
     * @param nbytes at most so many bytes
     * @param offset position in the file; -1 for the file's own position
     * @param bufIndex index of the registered buffer
     */
    public final void prepWriteFixed(
            final int fd, final long bufAddress, final int nbytes, final long offset, final int bufIndex) {
        prepRw(IORING_OP_WRITE_FIXED, fd, bufAddress, nbytes, offset);
        bufIndex(bufIndex);
    }

    /**
     * {@code io_uring_prep_fsync(3)}: {@code fsync(2)}. Not ordered against writes still in flight: wait for them, link
     * them or drain. Since Linux 5.1.
     *
     * @param fd the file
     * @param fsyncFlags 0, or {@code IORING_FSYNC_DATASYNC} for {@code fdatasync(2)}
     */
    public final void prepFsync(final int fd, final int fsyncFlags) {
        prepRw(IORING_OP_FSYNC, fd, 0, 0, 0);
        rwFlags(fsyncFlags);
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
     * {@code io_uring_prep_ftruncate(3)}: {@code ftruncate(2)}. Since Linux 6.9.
     *
     * @param fd the file
     * @param length its new length in bytes
     */
    public final void prepFtruncate(final int fd, final long length) {
        prepRw(IORING_OP_FTRUNCATE, fd, 0, 0, length);
    }

    /**
     * {@code io_uring_prep_fallocate(3)}: {@code fallocate(2)}. Since Linux 5.6.
     *
     * @param fd the file
     * @param mode {@code FALLOC_FL_} flags
     * @param offset start of the range in bytes
     * @param length length of the range in bytes
     */
    public final void prepFallocate(final int fd, final int mode, final long offset, final long length) {
        prepRw(IORING_OP_FALLOCATE, fd, length, mode, offset);
    }
}
