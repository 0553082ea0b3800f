package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_REGISTER_FILES;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_FILES2;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_FILES_UPDATE;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_FILES_UPDATE2;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_FILE_ALLOC_RANGE;
import static dev.ringflow.uring.UringConstants.IORING_RSRC_REGISTER_SPARSE;
import static dev.ringflow.uring.UringConstants.IORING_UNREGISTER_FILES;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * The ring's table of files, for {@code IOSQE_FIXED_FILE} and for requests that open files into a slot. The kernel
 * holds a registered file open by itself: the caller may close its file descriptor.
 *
 * <p>A tag other than 0 makes the kernel post a completion when a file that was replaced, or removed from its slot,
 * is no longer used by any request: user data is the tag, the result is 0. Since Linux 6.13 or so, also for those
 * that {@link #unregisterFiles()} removes.
 */
public abstract class UringFiles extends RegisterCall {
    /** {@code struct io_uring_rsrc_register}: nr, flags, resv2, data, tags. */
    static final int RSRC_REGISTER_SIZE = 32;

    /** {@code struct io_uring_rsrc_update}: offset, resv, data. */
    static final int RSRC_UPDATE_SIZE = 16;

    /** {@code struct io_uring_rsrc_update2}: offset, resv, data, tags, nr, resv2. */
    static final int RSRC_UPDATE2_SIZE = 32;

    final int registerResources(
            final int opcode, final int nr, final int flags, final long dataAddress, final long tagsAddress) {
        final ByteBuffer resources = Memory.allocate(RSRC_REGISTER_SIZE, Long.BYTES);
        resources.putInt(0, nr);
        resources.putInt(4, flags);
        resources.putLong(16, dataAddress);
        resources.putLong(24, tagsAddress);
        return register(opcode, resources, RSRC_REGISTER_SIZE);
    }

    final int updateResources(
            final int opcode, final int off, final long dataAddress, final long tagsAddress, final int nr) {
        final ByteBuffer update = Memory.allocate(RSRC_UPDATE2_SIZE, Long.BYTES);
        update.putInt(0, off);
        update.putLong(8, dataAddress);
        update.putLong(16, tagsAddress);
        update.putInt(24, nr);
        return register(opcode, update, RSRC_UPDATE2_SIZE);
    }

    UringFiles() {}

    /**
     * {@code io_uring_register_files(3)}: registers files for {@code IOSQE_FIXED_FILE}. Before Linux 5.13, waits for
     * the requests in flight. Since Linux 5.1.
     *
     * @param files file descriptors, -1 for an empty slot (since Linux 5.5)
     * @return 0; -EBUSY when files are registered already, -EMFILE above the limit of open files, -EBADF for what is
     *     no open file and for rings, -EINVAL for no files at all
     */
    public final int registerFiles(final int... files) {
        return register(IORING_REGISTER_FILES, ints(files), files.length);
    }

    /**
     * {@code io_uring_register_files_tags(3)}: the same with tags. Since Linux 5.13.
     *
     * @param files file descriptors, -1 for an empty slot, which must have tag 0
     * @param tags as many tags, 0 for none
     * @return as {@link #registerFiles}
     * @throws IllegalArgumentException if there are not as many tags as files
     */
    public final int registerFilesTags(final int[] files, final long[] tags) {
        final ByteBuffer fds = ints(files);
        final ByteBuffer tagMemory = tags(tags, files.length);
        final int result = registerResources(
                IORING_REGISTER_FILES2, files.length, 0, Memory.address(fds), Memory.address(tagMemory));
        Reference.reachabilityFence(fds);
        Reference.reachabilityFence(tagMemory);
        return result;
    }

    /**
     * {@code io_uring_register_files_sparse(3)}: registers an empty table. Since Linux 5.19.
     *
     * @param nr slots
     * @return as {@link #registerFiles}
     */
    public final int registerFilesSparse(final int nr) {
        return registerResources(IORING_REGISTER_FILES2, nr, IORING_RSRC_REGISTER_SPARSE, 0, 0);
    }

    /**
     * {@code io_uring_register_files_update(3)}: replaces registered files. Since Linux 5.5.
     *
     * @param off first slot
     * @param files file descriptors, -1 to empty a slot, {@code IORING_REGISTER_FILES_SKIP} to leave one
     * @return how many were updated, which may be fewer than asked where a later one is faulty; -ENXIO without a
     *     table, -EINVAL outside of it, -EBADF for what is no open file
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
     * {@code io_uring_register_files_update_tag(3)}: the same with tags. The tag of the file that leaves the slot
     * comes as a completion when its last request is done. Since Linux 5.13.
     *
     * @param off first slot
     * @param files file descriptors, -1 to empty a slot, {@code IORING_REGISTER_FILES_SKIP} to leave one; the latter
     *     two with tag 0
     * @param tags as many tags, 0 for none
     * @return as {@link #registerFilesUpdate}
     * @throws IllegalArgumentException if there are not as many tags as files
     */
    public final int registerFilesUpdateTag(final int off, final int[] files, final long[] tags) {
        final ByteBuffer fds = ints(files);
        final ByteBuffer tagMemory = tags(tags, files.length);
        final int result = updateResources(
                IORING_REGISTER_FILES_UPDATE2, off, Memory.address(fds), Memory.address(tagMemory), files.length);
        Reference.reachabilityFence(fds);
        Reference.reachabilityFence(tagMemory);
        return result;
    }

    /**
     * {@code io_uring_unregister_files(3)}: unregisters all files. Requests in flight keep theirs;
     * before Linux 6.13, the call waits for them, and with
     * {@code IORING_SETUP_DEFER_TASKRUN} perhaps for ever: cancel and reap them before. Since Linux 5.1.
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
     * @return 0; -EINVAL outside of the table, -EOVERFLOW when the sum of both has more than 32 bits
     */
    public final int registerFileAllocRange(final int off, final int len) {
        final ByteBuffer range = Memory.allocate(16, Long.BYTES);
        range.putInt(0, off);
        range.putInt(4, len);
        return register(IORING_REGISTER_FILE_ALLOC_RANGE, range, 0);
    }
}
