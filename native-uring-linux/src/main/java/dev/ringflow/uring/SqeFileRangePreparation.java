package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_OP_FADVISE;
import static dev.ringflow.uring.UringConstants.IORING_OP_FALLOCATE;
import static dev.ringflow.uring.UringConstants.IORING_OP_FSYNC;
import static dev.ringflow.uring.UringConstants.IORING_OP_FTRUNCATE;
import static dev.ringflow.uring.UringConstants.IORING_OP_MADVISE;
import static dev.ringflow.uring.UringConstants.IORING_OP_SYNC_FILE_RANGE;

import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * The prep functions for ranges of files and memory: syncing, sizes, advice; {@link Sqe} tells what holds for all of
 * them.
 */
public abstract class SqeFileRangePreparation extends SqeFilePreparation {
    SqeFileRangePreparation(final LongBuffer words, final HeldMemory heldMemory) {
        super(words, heldMemory);
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
     * {@code io_uring_prep_sync_file_range(3)}: {@code sync_file_range(2)}, which makes nothing durable by itself:
     * no metadata, no flush of the disk's cache. Since Linux 5.2.
     *
     * @param fd the file
     * @param len length of the range in bytes, unsigned; 0 for up to the end
     * @param offset start of the range in bytes
     * @param flags {@code SYNC_FILE_RANGE_} flags
     */
    public final void prepSyncFileRange(final int fd, final int len, final long offset, final int flags) {
        prepRw(IORING_OP_SYNC_FILE_RANGE, fd, 0, len, offset);
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

    /**
     * {@code io_uring_prep_fadvise(3)}: {@code posix_fadvise(2)}, what will be done with a file. Since Linux 5.6.
     *
     * @param fd the file
     * @param offset start of the range in bytes
     * @param len length of the range in bytes, unsigned; 0 for up to the end
     * @param advice a {@code POSIX_FADV_} constant
     */
    public final void prepFadvise(final int fd, final long offset, final int len, final int advice) {
        prepRw(IORING_OP_FADVISE, fd, 0, len, offset);
        rwFlags(advice);
    }

    /**
     * {@code io_uring_prep_fadvise64(3)}: {@link #prepFadvise} with a length of 64 bits. Since Linux 6.11; -EINVAL
     * before, for any length but 0.
     *
     * @param fd the file
     * @param offset start of the range in bytes
     * @param len length of the range in bytes; 0 for up to the end
     * @param advice a {@code POSIX_FADV_} constant
     */
    public final void prepFadvise64(final int fd, final long offset, final long len, final int advice) {
        prepRw(IORING_OP_FADVISE, fd, len, 0, offset);
        rwFlags(advice);
    }

    /**
     * {@code io_uring_prep_madvise(3)}: {@code madvise(2)}, what will be done with memory. Since Linux 5.6.
     *
     * @param address start of the range, a multiple of the page size; delicate: some advice throws the content away,
     *     and the kernel rounds the length up to whole pages
     * @param length length of the range in bytes, unsigned
     * @param advice a {@code MADV_} constant
     */
    public final void prepMadvise(final long address, final int length, final int advice) {
        prepRw(IORING_OP_MADVISE, -1, address, length, 0);
        rwFlags(advice);
    }

    /**
     * {@link #prepMadvise(long, int, int)} for whole pages of a buffer, from position to limit.
     *
     * @param pages direct and writable, since some advice throws the content away; a whole number of pages, since
     *     the kernel would round up beyond the limit; held until the completion
     * @param advice a {@code MADV_} constant
     */
    public final void prepMadvise(final ByteBuffer pages, final int advice) {
        if (pages.remaining() % LibC.pageSize() != 0) {
            throw new IllegalArgumentException(
                    "madvise works on whole pages of " + LibC.pageSize() + " bytes, not on " + pages.remaining());
        }
        prepMadvise(target(pages), pages.remaining(), advice);
    }

    /**
     * {@code io_uring_prep_madvise64(3)}: {@link #prepMadvise(long, int, int)} with a length of 64 bits. Since Linux
     * 6.11; -EINVAL before, for any length but 0.
     *
     * @param address start of the range, a multiple of the page size; delicate as in {@link #prepMadvise(long, int,
     *     int)}
     * @param length length of the range in bytes
     * @param advice a {@code MADV_} constant
     */
    public final void prepMadvise64(final long address, final long length, final int advice) {
        prepRw(IORING_OP_MADVISE, -1, address, 0, length);
        rwFlags(advice);
    }
}
