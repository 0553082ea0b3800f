package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_REGISTER_BUFFERS;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_BUFFERS2;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_BUFFERS_UPDATE;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_CLONE_BUFFERS;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_SRC_REGISTERED;
import static dev.ringflow.uring.UringConstants.IORING_RSRC_REGISTER_SPARSE;
import static dev.ringflow.uring.UringConstants.IORING_UNREGISTER_BUFFERS;

import dev.ringflow.uring.struct.Iovec;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The ring's table of buffers, for {@link Sqe#prepReadFixed} and {@link Sqe#prepWriteFixed}. Registering pins the
 * memory once instead of at each request. Whole pages count against the limit of locked memory, unless the process
 * may lock as much as it likes ({@code CAP_IPC_LOCK}).
 *
 * <p>Each call has a form with addresses, and one with {@link ByteBuffer}s. The latter registers what lies between
 * position and limit, and keeps the buffer reachable as long as it is in the table: until it is replaced,
 * unregistered, or the ring is unreachable. A request that is in flight beyond that has to keep it reachable itself,
 * as the typed prep methods do.
 *
 * <p>A tag other than 0 makes the kernel post a completion when a buffer that was replaced, or removed from its
 * slot, is no longer used by any request: user data is the tag, the result is 0. Until then it is the kernel's.
 * Since Linux 6.13 or so, also for those that {@link #unregisterBuffers()} removes.
 */
public abstract class UringBuffers extends UringFiles {
    /** {@code struct io_uring_clone_buffers}: src_fd, flags, src_off, dst_off, nr, pad. */
    private static final int CLONE_SIZE = 32;

    private static final @Nullable ByteBuffer[] NONE = {};

    /** What the typed forms registered, by slot. */
    private @Nullable ByteBuffer[] registered = NONE;

    UringBuffers() {}

    /** How many slots hold a buffer of a typed form. */
    final int heldBuffers() {
        return (int) Arrays.stream(registered).filter(buffer -> buffer != null).count();
    }

    private void hold(final int off, final @Nullable ByteBuffer[] buffers, final int count) {
        if (off + count > registered.length) {
            registered = Arrays.copyOf(registered, off + count);
        }
        System.arraycopy(buffers, 0, registered, off, count);
    }

    private void release(final int off, final int count) {
        final int start = Math.min(Math.max(0, off), registered.length);
        Arrays.fill(registered, start, Math.max(start, Math.min(registered.length, start + count)), null);
    }

    private static ByteBuffer iovecs(final @Nullable ByteBuffer[] buffers) {
        final ByteBuffer iovecs = Memory.allocate(Math.max(1, buffers.length) * Iovec.SIZE, Long.BYTES);
        for (int i = 0; i < buffers.length; i++) {
            final ByteBuffer buffer = buffers[i];
            if (buffer == null) {
                continue;
            }
            if (buffer.isReadOnly()) {
                throw new ReadOnlyBufferException();
            }
            Iovec.set(iovecs, i, Memory.address(buffer) + buffer.position(), buffer.remaining());
        }
        return iovecs;
    }

    /**
     * {@code io_uring_register_buffers(3)}: registers memory. Since Linux 5.1.
     *
     * @param iovecsAddress an array of {@code struct iovec}, read during the call; delicate: the memory that it
     *     points to is the kernel's until it is unregistered and every request that uses it has completed
     * @param nrIovecs how many
     * @return 0; -ENOMEM above the limit of locked memory, -EBUSY when buffers are registered already, -EFAULT for
     *     memory that is not there or more than 1 GiB in one buffer, -EINVAL for none or too many (1024 before Linux
     *     5.13, 16384 since)
     */
    public final int registerBuffers(final long iovecsAddress, final int nrIovecs) {
        final int result = register(IORING_REGISTER_BUFFERS, iovecsAddress, nrIovecs);
        if (result >= 0) {
            registered = NONE;
        }
        return result;
    }

    /**
     * {@code io_uring_register_buffers(3)}: registers buffers, which stay reachable while they are in the table.
     * Since Linux 5.1.
     *
     * @param buffers direct and not read-only; each from its position to its limit; null for an empty slot (since
     *     Linux 5.13)
     * @return 0, or the negated errno, as {@link #registerBuffers(long, int)}
     */
    public final int registerBuffers(final @Nullable ByteBuffer... buffers) {
        final ByteBuffer iovecs = iovecs(buffers);
        final int result = registerBuffers(Memory.address(iovecs), buffers.length);
        Reference.reachabilityFence(iovecs);
        if (result >= 0) {
            hold(0, buffers, buffers.length);
        }
        return result;
    }

    /**
     * {@code io_uring_register_buffers_tags(3)}: registers memory, with tags. Since Linux 5.13.
     *
     * @param iovecsAddress an array of {@code struct iovec}, read during the call; delicate as in
     *     {@link #registerBuffers(long, int)}
     * @param tagsAddress an array of 64-bit tags, read during the call; 0 for none
     * @param nr how many
     * @return as {@link #registerBuffers(long, int)}
     */
    public final int registerBuffersTags(final long iovecsAddress, final long tagsAddress, final int nr) {
        final int result = registerResources(IORING_REGISTER_BUFFERS2, nr, 0, iovecsAddress, tagsAddress);
        if (result >= 0) {
            registered = NONE;
        }
        return result;
    }

    /**
     * {@code io_uring_register_buffers_tags(3)}: registers buffers, with tags. They stay reachable while they are in
     * the table. Since Linux 5.13.
     *
     * @param buffers as in {@link #registerBuffers(ByteBuffer...)}
     * @param tags as many tags, 0 for none
     * @return as {@link #registerBuffers(long, int)}
     * @throws IllegalArgumentException if there are not as many tags as buffers
     */
    public final int registerBuffersTags(final @Nullable ByteBuffer[] buffers, final long[] tags) {
        final ByteBuffer iovecs = iovecs(buffers);
        final ByteBuffer tagMemory = tags(tags, buffers.length);
        final int result = registerBuffersTags(Memory.address(iovecs), Memory.address(tagMemory), buffers.length);
        Reference.reachabilityFence(iovecs);
        Reference.reachabilityFence(tagMemory);
        if (result >= 0) {
            hold(0, buffers, buffers.length);
        }
        return result;
    }

    /**
     * {@code io_uring_register_buffers_sparse(3)}: registers an empty table, to be filled by
     * {@link #registerBuffersUpdateTag(int, ByteBuffer[], long[])}. Since Linux 5.19.
     *
     * @param nr slots
     * @return as {@link #registerBuffers(long, int)}
     */
    public final int registerBuffersSparse(final int nr) {
        return registerResources(IORING_REGISTER_BUFFERS2, nr, IORING_RSRC_REGISTER_SPARSE, 0, 0);
    }

    /**
     * {@code io_uring_register_buffers_update_tag(3)}: replaces registered buffers. A buffer that is replaced is the
     * kernel's until the completion with its tag comes. Since Linux 5.13.
     *
     * @param off first slot
     * @param iovecsAddress an array of {@code struct iovec}, read during the call; delicate as in
     *     {@link #registerBuffers(long, int)}
     * @param tagsAddress an array of 64-bit tags, read during the call; 0 for none
     * @param nr how many
     * @return how many were updated; -ENXIO without a table, -EINVAL outside of it
     */
    public final int registerBuffersUpdateTag(
            final int off, final long iovecsAddress, final long tagsAddress, final int nr) {
        final int result = updateResources(IORING_REGISTER_BUFFERS_UPDATE, off, iovecsAddress, tagsAddress, nr);
        if (result > 0) {
            release(off, result);
        }
        return result;
    }

    /**
     * {@code io_uring_register_buffers_update_tag(3)}: replaces registered buffers. The new ones stay reachable
     * while they are in the table, those that they replace no longer. Since Linux 5.13.
     *
     * @param off first slot
     * @param buffers as in {@link #registerBuffers(ByteBuffer...)}; null empties a slot
     * @param tags as many tags, 0 for none and for an empty slot
     * @return how many were updated; -ENXIO without a table, -EINVAL outside of it
     * @throws IllegalArgumentException if there are not as many tags as buffers
     */
    public final int registerBuffersUpdateTag(final int off, final @Nullable ByteBuffer[] buffers, final long[] tags) {
        final ByteBuffer iovecs = iovecs(buffers);
        final ByteBuffer tagMemory = tags(tags, buffers.length);
        final int result =
                registerBuffersUpdateTag(off, Memory.address(iovecs), Memory.address(tagMemory), buffers.length);
        Reference.reachabilityFence(iovecs);
        Reference.reachabilityFence(tagMemory);
        if (result > 0) {
            hold(off, buffers, result);
        }
        return result;
    }

    /**
     * {@code io_uring_unregister_buffers(3)}: unregisters all buffers. Requests in flight keep theirs; before Linux
     * 6.13, the call waits for them, and with {@code IORING_SETUP_DEFER_TASKRUN} perhaps for ever: cancel and reap
     * them before. Since Linux 5.1.
     *
     * @return 0; -ENXIO when none are registered
     */
    public final int unregisterBuffers() {
        final int result = register(IORING_UNREGISTER_BUFFERS, 0, 0);
        if (result >= 0) {
            registered = NONE;
        }
        return result;
    }

    /**
     * {@code io_uring_clone_buffers(3)}: takes over all the registered buffers of another ring, without pinning them
     * again. Both rings then have them on their own: each unregisters for itself. Since Linux 6.12.
     *
     * @param src the other ring; of another thread only while that leaves its buffers alone
     * @return 0; -EBUSY when this ring has buffers already, -ENXIO when the other has none
     */
    public final int cloneBuffers(final Uring src) {
        return cloneBuffersOffset(src, 0, 0, 0, 0);
    }

    /**
     * {@code __io_uring_clone_buffers(3)}: the same with flags. Since Linux 6.12.
     *
     * @param src the other ring
     * @param flags {@code IORING_REGISTER_DST_REPLACE}: buffers that this ring has are replaced (since Linux 6.13)
     * @return as {@link #cloneBuffers(Uring)}
     */
    public final int cloneBuffers(final Uring src, final int flags) {
        return cloneBuffersOffset(src, 0, 0, 0, flags);
    }

    /**
     * {@code io_uring_clone_buffers_offset(3)}: takes over a part of another ring's registered buffers. Buffers of
     * the typed forms stay reachable for this ring too. Since Linux 6.13.
     *
     * @param src the other ring
     * @param dstOff first slot here
     * @param srcOff first slot there
     * @param nr how many; 0, with both slots 0, for all
     * @param flags {@code IORING_REGISTER_DST_REPLACE}
     * @return as {@link #cloneBuffers(Uring)}; also -EINVAL or -EOVERFLOW for slots that the other ring does not have
     */
    public final int cloneBuffersOffset(
            final Uring src, final int dstOff, final int srcOff, final int nr, final int flags) {
        final int srcFd = src.ringFd();
        final int result = srcFd >= 0
                ? cloneBuffersOffset(srcFd, dstOff, srcOff, nr, flags)
                : cloneBuffersOffset(src.registeredIndex(), dstOff, srcOff, nr, flags | IORING_REGISTER_SRC_REGISTERED);
        if (result >= 0) {
            takeOver(src, dstOff, srcOff, nr);
        }
        return result;
    }

    /**
     * {@code __io_uring_clone_buffers_offset(3)}: the same by the other ring's file descriptor. Since Linux 6.13.
     *
     * @param srcFd the other ring, or its registered index with {@code IORING_REGISTER_SRC_REGISTERED}; delicate:
     *     this form does not know its buffers, so they must be kept reachable until this ring lets go of them
     * @param dstOff first slot here
     * @param srcOff first slot there
     * @param nr how many; 0, with both slots 0, for all
     * @param flags {@code IORING_REGISTER_DST_REPLACE}, {@code IORING_REGISTER_SRC_REGISTERED}
     * @return as {@link #cloneBuffersOffset(Uring, int, int, int, int)}; -EBADF when that is no ring
     */
    public final int cloneBuffersOffset(
            final int srcFd, final int dstOff, final int srcOff, final int nr, final int flags) {
        final ByteBuffer clone = Memory.allocate(CLONE_SIZE, Integer.BYTES);
        clone.putInt(0, srcFd);
        clone.putInt(4, flags);
        clone.putInt(8, srcOff);
        clone.putInt(12, dstOff);
        clone.putInt(16, nr);
        return register(IORING_REGISTER_CLONE_BUFFERS, clone, 1);
    }

    private void takeOver(final UringBuffers src, final int dstOff, final int srcOff, final int nr) {
        final @Nullable ByteBuffer[] theirs = src.registered;
        final int start = Math.min(srcOff, theirs.length);
        final int end = nr == 0 ? theirs.length : Math.min(srcOff + nr, theirs.length);
        final @Nullable ByteBuffer[] taken = Arrays.copyOfRange(theirs, start, Math.max(start, end));
        if (nr > 0) {
            release(dstOff, nr);
        }
        hold(dstOff, taken, taken.length);
    }
}
