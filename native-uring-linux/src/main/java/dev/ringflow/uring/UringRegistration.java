package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_REGISTER_BUFFERS;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_BUFFERS2;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_BUFFERS_UPDATE;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_EVENTFD;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_EVENTFD_ASYNC;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_FILES;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_FILES2;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_FILES_UPDATE;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_FILE_ALLOC_RANGE;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_IOWQ_MAX_WORKERS;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_PERSONALITY;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_PROBE;
import static dev.ringflow.uring.UringConstants.IORING_RSRC_REGISTER_SPARSE;
import static dev.ringflow.uring.UringConstants.IORING_UNREGISTER_BUFFERS;
import static dev.ringflow.uring.UringConstants.IORING_UNREGISTER_EVENTFD;
import static dev.ringflow.uring.UringConstants.IORING_UNREGISTER_FILES;
import static dev.ringflow.uring.UringConstants.IORING_UNREGISTER_PERSONALITY;

import dev.ringflow.uring.internal.LibC;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * What is registered with a ring: buffers, files, an eventfd, credentials. {@link Uring} tells what holds for all of it.
 * Each method answers 0 or more, or the negated errno, and may be called by the owner only where the ring has
 * {@code IORING_SETUP_SINGLE_ISSUER}; -EEXIST is the answer elsewhere.
 */
abstract class UringRegistration {
    /** {@code struct io_uring_rsrc_register}: nr, flags, resv2, data, tags. */
    private static final int RSRC_REGISTER_SIZE = 32;

    /** {@code struct io_uring_rsrc_update2}: offset, resv, data, tags, nr, resv2. */
    private static final int RSRC_UPDATE2_SIZE = 32;

    /** {@code struct io_uring_rsrc_update}: offset, resv, data. */
    static final int RSRC_UPDATE_SIZE = 16;

    private final int ringFd;

    UringRegistration(final int ringFd) {
        this.ringFd = ringFd;
    }

    /** Throws when the ring is closed. */
    abstract void requireOpen();

    /**
     * The ring's file descriptor, for {@code IORING_OP_MSG_RING} and {@link UringParams#withWqFd}. It belongs to the ring
     * and must not be closed.
     *
     * @return a file descriptor
     */
    public final int ringFd() {
        requireOpen();
        return ringFd;
    }

    /** {@code io_uring_register(2)}. */
    final int register(final int opcode, final long argument, final int nr) {
        requireOpen();
        return LibC.ioUringRegister(ringFd, opcode, argument, nr);
    }

    /** {@code io_uring_register(2)} with a struct that the kernel reads, and may write, during the call. */
    final int register(final int opcode, final ByteBuffer argument, final int nr) {
        final int result = register(opcode, Memory.address(argument), nr);
        Reference.reachabilityFence(argument);
        return result;
    }

    private static ByteBuffer ints(final int... values) {
        final ByteBuffer memory = Memory.allocate(Math.max(1, values.length) * Integer.BYTES, Integer.BYTES);
        for (int i = 0; i < values.length; i++) {
            memory.putInt(i * Integer.BYTES, values[i]);
        }
        return memory;
    }

    private int registerSparse(final int opcode, final int nr) {
        final ByteBuffer resource = Memory.allocate(RSRC_REGISTER_SIZE, Long.BYTES);
        resource.putInt(0, nr);
        resource.putInt(4, IORING_RSRC_REGISTER_SPARSE);
        return register(opcode, resource, RSRC_REGISTER_SIZE);
    }

    /**
     * {@code io_uring_register_buffers(3)}: registers memory for {@link Sqe#prepReadFixed} and
     * {@link Sqe#prepWriteFixed}. Whole pages count against the limit of locked memory. Since Linux 5.1.
     *
     * @param iovecsAddress an array of {@code struct iovec}, read during the call; delicate: the memory that it points to
     *     is the kernel's until it is unregistered and every request that uses it has completed
     * @param nrIovecs how many
     * @return 0; -ENOMEM above the limit of locked memory, -EBUSY when buffers are registered already
     */
    public final int registerBuffers(final long iovecsAddress, final int nrIovecs) {
        return register(IORING_REGISTER_BUFFERS, iovecsAddress, nrIovecs);
    }

    /**
     * {@code io_uring_register_buffers_sparse(3)}: registers an empty table, to be filled by
     * {@link #registerBuffersUpdateTag}. Since Linux 5.19.
     *
     * @param nr slots
     * @return 0, or the negated errno
     */
    public final int registerBuffersSparse(final int nr) {
        return registerSparse(IORING_REGISTER_BUFFERS2, nr);
    }

    /**
     * {@code io_uring_register_buffers_update_tag(3)}: replaces registered buffers. A buffer that is replaced is the
     * kernel's until the completion with its tag comes. Since Linux 5.13.
     *
     * @param off first slot
     * @param iovecsAddress an array of {@code struct iovec}, read during the call; delicate as in {@link #registerBuffers}
     * @param tagsAddress an array of 64-bit tags, read during the call; 0 for none
     * @param nr how many
     * @return how many were updated
     */
    public final int registerBuffersUpdateTag(
            final int off, final long iovecsAddress, final long tagsAddress, final int nr) {
        final ByteBuffer update = Memory.allocate(RSRC_UPDATE2_SIZE, Long.BYTES);
        update.putInt(0, off);
        update.putLong(8, iovecsAddress);
        update.putLong(16, tagsAddress);
        update.putInt(24, nr);
        return register(IORING_REGISTER_BUFFERS_UPDATE, update, RSRC_UPDATE2_SIZE);
    }

    /**
     * {@code io_uring_unregister_buffers(3)}: unregisters all buffers. Waits for requests that use them on kernels before
     * 5.13; on later ones those keep the memory until they complete. Since Linux 5.1.
     *
     * @return 0; -ENXIO when none are registered
     */
    public final int unregisterBuffers() {
        return register(IORING_UNREGISTER_BUFFERS, 0, 0);
    }

    /**
     * {@code io_uring_register_files(3)}: registers files for {@code IOSQE_FIXED_FILE}. Since Linux 5.1.
     *
     * @param files file descriptors, -1 for an empty slot (since Linux 5.5)
     * @return 0; -EBUSY when files are registered already, -EMFILE above the limit of open files
     */
    public final int registerFiles(final int... files) {
        return register(IORING_REGISTER_FILES, ints(files), files.length);
    }

    /**
     * {@code io_uring_register_files_sparse(3)}: registers an empty table. Since Linux 5.19.
     *
     * @param nr slots
     * @return 0, or the negated errno
     */
    public final int registerFilesSparse(final int nr) {
        return registerSparse(IORING_REGISTER_FILES2, nr);
    }

    /**
     * {@code io_uring_register_files_update(3)}: replaces registered files. Since Linux 5.5.
     *
     * @param off first slot
     * @param files file descriptors, -1 to empty a slot, {@code IORING_REGISTER_FILES_SKIP} to leave one
     * @return how many were updated
     */
    public final int registerFilesUpdate(final int off, final int... files) {
        final ByteBuffer fds = ints(files);
        final ByteBuffer update = Memory.allocate(RSRC_UPDATE_SIZE, Long.BYTES);
        update.putInt(0, off);
        update.putLong(8, Memory.address(fds));
        final int result = register(IORING_REGISTER_FILES_UPDATE, update, files.length);
        Reference.reachabilityFence(fds);
        return result;
    }

    /**
     * {@code io_uring_unregister_files(3)}: unregisters all files. Requests in flight keep theirs. Since Linux 5.1.
     *
     * @return 0; -ENXIO when none are registered
     */
    public final int unregisterFiles() {
        return register(IORING_UNREGISTER_FILES, 0, 0);
    }

    /**
     * {@code io_uring_register_file_alloc_range(3)}: bounds the slots that the kernel picks for
     * {@code IORING_FILE_INDEX_ALLOC}. Since Linux 6.0.
     *
     * @param off first slot
     * @param len how many
     * @return 0, or the negated errno
     */
    public final int registerFileAllocRange(final int off, final int len) {
        final ByteBuffer range = Memory.allocate(16, Long.BYTES);
        range.putInt(0, off);
        range.putInt(4, len);
        return register(IORING_REGISTER_FILE_ALLOC_RANGE, range, 0);
    }

    /**
     * {@code io_uring_register_eventfd(3)}: notifies an eventfd of completions. Since Linux 5.2.
     *
     * @param fd the eventfd, which stays the caller's
     * @return 0; -EBUSY when one is registered already
     */
    public final int registerEventfd(final int fd) {
        return register(IORING_REGISTER_EVENTFD, ints(fd), 1);
    }

    /**
     * {@code io_uring_register_eventfd_async(3)}: the same for completions only that came later than their submission.
     * Since Linux 5.6.
     *
     * @param fd the eventfd, which stays the caller's
     * @return 0; -EBUSY when one is registered already
     */
    public final int registerEventfdAsync(final int fd) {
        return register(IORING_REGISTER_EVENTFD_ASYNC, ints(fd), 1);
    }

    /**
     * {@code io_uring_unregister_eventfd(3)}. Since Linux 5.2.
     *
     * @return 0; -ENXIO when none is registered
     */
    public final int unregisterEventfd() {
        return register(IORING_UNREGISTER_EVENTFD, 0, 0);
    }

    /**
     * {@code io_uring_register_personality(3)}: registers the credentials of this thread. Since Linux 5.6.
     *
     * @return an id for {@link Sqe#setPersonality}
     */
    public final int registerPersonality() {
        return register(IORING_REGISTER_PERSONALITY, 0, 0);
    }

    /**
     * {@code io_uring_unregister_personality(3)}. Since Linux 5.6.
     *
     * @param id what {@link #registerPersonality()} answered
     * @return 0; -EINVAL for an unknown id
     */
    public final int unregisterPersonality(final int id) {
        return register(IORING_UNREGISTER_PERSONALITY, 0, id);
    }

    /**
     * {@code io_uring_register_iowq_max_workers(3)}: bounds the kernel's worker threads. Since Linux 5.15.
     *
     * @param values for {@code IO_WQ_BOUND} and {@code IO_WQ_UNBOUND} the maximum, or 0 to leave it; afterwards the values
     *     that held before
     * @return 0, or the negated errno
     */
    public final int registerIowqMaxWorkers(final int[] values) {
        if (values.length != 2) {
            throw new IllegalArgumentException("two values are needed, for bound and unbound workers");
        }
        final ByteBuffer memory = ints(values);
        final int result = register(IORING_REGISTER_IOWQ_MAX_WORKERS, memory, 2);
        if (result >= 0) {
            values[0] = memory.getInt(0);
            values[1] = memory.getInt(Integer.BYTES);
        }
        return result;
    }

    /**
     * {@code io_uring_get_probe_ring(3)}: which opcodes the kernel has. Since Linux 5.6.
     *
     * @return the kernel's answer; on an older kernel one that supports nothing
     */
    public final Probe getProbe() {
        final ByteBuffer answer = Memory.allocate(Probe.SIZE, Long.BYTES);
        return register(IORING_REGISTER_PROBE, answer, Probe.MAX_OPS) < 0 ? new Probe() : new Probe(answer);
    }
}
