package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_OP_READ;
import static dev.ringflow.uring.UringConstants.IORING_OP_READV;
import static dev.ringflow.uring.UringConstants.IORING_OP_READV_FIXED;
import static dev.ringflow.uring.UringConstants.IORING_OP_READ_FIXED;
import static dev.ringflow.uring.UringConstants.IORING_OP_READ_MULTISHOT;
import static dev.ringflow.uring.UringConstants.IORING_OP_WRITE;
import static dev.ringflow.uring.UringConstants.IORING_OP_WRITEV;
import static dev.ringflow.uring.UringConstants.IORING_OP_WRITEV_FIXED;
import static dev.ringflow.uring.UringConstants.IORING_OP_WRITE_FIXED;
import static dev.ringflow.uring.UringConstants.IOSQE_BUFFER_SELECT;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/** The prep functions that read and write; {@link Sqe} tells what holds for all of them. */
public abstract class SqeFilePreparation extends SqeSlot {
    SqeFilePreparation(final LongBuffer words, final HeldMemory heldMemory) {
        super(words, heldMemory);
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
     * {@link #prepRead(int, long, int, long)} into a buffer: fills position to limit, and leaves both as they are.
     *
     * @param fd the file
     * @param target direct and writable; held until the completion
     * @param offset position in the file; -1 for the file's own position, and for pipes and sockets
     */
    public final void prepRead(final int fd, final ByteBuffer target, final long offset) {
        prepRead(fd, target(target), target.remaining(), offset);
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
     * {@link #prepWrite(int, long, int, long)} from a buffer: writes position to limit, and leaves both as they are.
     *
     * @param fd the file
     * @param source direct; held until the completion, and not to be changed before
     * @param offset position in the file; -1 for the file's own position, and for pipes and sockets
     */
    public final void prepWrite(final int fd, final ByteBuffer source, final long offset) {
        prepWrite(fd, source(source), source.remaining(), offset);
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
     * {@code io_uring_prep_readv2(3)}: {@link #prepReadv} with flags. Since Linux 5.1.
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
     * {@code io_uring_prep_writev2(3)}: {@link #prepWritev} with flags. Since Linux 5.1.
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
     * {@link #prepReadFixed(int, long, int, long, int)} into a buffer: fills position to limit, and leaves both as
     * they are.
     *
     * @param fd the file
     * @param target direct and writable, a part of the registered buffer; held until the completion
     * @param offset position in the file; -1 for the file's own position
     * @param bufIndex index of the registered buffer
     */
    public final void prepReadFixed(final int fd, final ByteBuffer target, final long offset, final int bufIndex) {
        prepReadFixed(fd, target(target), target.remaining(), offset, bufIndex);
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
     * {@link #prepWriteFixed(int, long, int, long, int)} from a buffer: writes position to limit, and leaves both as
     * they are.
     *
     * @param fd the file
     * @param source direct, a part of the registered buffer; held until the completion, and not to be changed before
     * @param offset position in the file; -1 for the file's own position
     * @param bufIndex index of the registered buffer
     */
    public final void prepWriteFixed(final int fd, final ByteBuffer source, final long offset, final int bufIndex) {
        prepWriteFixed(fd, source(source), source.remaining(), offset, bufIndex);
    }

    /**
     * {@code io_uring_prep_readv_fixed(3)}: reads into several pieces of a registered buffer. Since Linux 6.15.
     *
     * @param fd the file
     * @param iovecsAddress an array of {@code struct iovec}; delicate: the kernel's until the submission; what it
     *     points to lies within the registered buffer (-EFAULT otherwise), and is the kernel's until the completion
     * @param nrVecs number of iovecs
     * @param offset position in the file; -1 for the file's own position
     * @param flags {@code RWF_} flags
     * @param bufIndex index of the registered buffer
     */
    public final void prepReadvFixed(
            final int fd,
            final long iovecsAddress,
            final int nrVecs,
            final long offset,
            final int flags,
            final int bufIndex) {
        prepRw(IORING_OP_READV_FIXED, fd, iovecsAddress, nrVecs, offset);
        rwFlags(flags);
        bufIndex(bufIndex);
    }

    /**
     * {@code io_uring_prep_writev_fixed(3)}: writes from several pieces of a registered buffer. Since Linux 6.15.
     *
     * @param fd the file
     * @param iovecsAddress an array of {@code struct iovec}; delicate: the kernel's until the submission; what it
     *     points to lies within the registered buffer (-EFAULT otherwise), and is the kernel's until the completion
     * @param nrVecs number of iovecs
     * @param offset position in the file; -1 for the file's own position
     * @param flags {@code RWF_} flags
     * @param bufIndex index of the registered buffer
     */
    public final void prepWritevFixed(
            final int fd,
            final long iovecsAddress,
            final int nrVecs,
            final long offset,
            final int flags,
            final int bufIndex) {
        prepRw(IORING_OP_WRITEV_FIXED, fd, iovecsAddress, nrVecs, offset);
        rwFlags(flags);
        bufIndex(bufIndex);
    }

    /**
     * {@code io_uring_prep_read_multishot(3)}: reads again and again, each time into a buffer of a group, as long as
     * {@code IORING_CQE_F_MORE} is set. Only for files that can be polled and read without blocking, such as pipes:
     * others complete with -EBADFD. Ends with 0 at the end of the file, with -ENOBUFS when the group is empty. Sets
     * {@code IOSQE_BUFFER_SELECT}: whoever calls {@link Sqe#setFlags} afterwards sets it again. Since Linux 6.7.
     *
     * @param fd the file
     * @param nbytes at most so many bytes each time; 0 for as many as the buffer has
     * @param offset -1, or 0 for files without a position
     * @param bufGroup the group that buffers are taken from
     */
    public final void prepReadMultishot(final int fd, final int nbytes, final long offset, final int bufGroup) {
        prepRw(IORING_OP_READ_MULTISHOT, fd, 0, nbytes, offset);
        bufIndex(bufGroup);
        flags(IOSQE_BUFFER_SELECT);
    }
}
