package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_REGISTER_ENABLE_RINGS;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_RESIZE_RINGS;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQSIZE;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_MMAP;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_R_DISABLED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SINGLE_ISSUER;

import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An io_uring: entries go in by a queue in shared memory, completions come out by another, and one system call moves a
 * batch of both.
 *
 * <pre>{@code
 * try (Uring ring = Uring.open(64)) {
 *     Sqe sqe = ring.getSqe();
 *     sqe.prepRead(fd, Memory.address(buffer), buffer.capacity(), 0);
 *     sqe.setData64(42);
 *     ring.submitAndWait(1);
 *     ring.forEachCqe((userData, res, flags) -> System.out.println(userData + " read " + res + " bytes"));
 * }
 * }</pre>
 *
 * <p><b>Results.</b> As with liburing, a result below zero is {@code -errno}. Only opening throws, and any use after
 * {@link #close()} ({@link IllegalStateException}).
 *
 * <p><b>Threads.</b> One thread owns a ring: the one that opened it, or, of a ring opened with
 * {@code IORING_SETUP_R_DISABLED}, the one that called {@link #enableRings()}. Nothing is synchronised. Where the kernel
 * granted {@code IORING_SETUP_SINGLE_ISSUER} (the default since Linux 6.0) it answers -EEXIST to others. The owner must be
 * a platform thread for that; on a virtual thread the flag is not asked for.
 *
 * <p><b>Memory.</b> What entries point to belongs to the kernel until the terminal completion. Closing a ring does not
 * wait for requests in flight: the kernel cancels them after the fact, and may write into their buffers until then. So
 * cancel, reap everything, then close.
 *
 * <p><b>Size.</b> {@link #params()} tells the sizes at opening; {@link #resizeRings} does not change that answer.
 *
 * <p>Source: {@code io_uring(7)} and the man page {@code io_uring_…(3)} of the same name as the method.
 */
public final class Uring extends UringCompletion implements AutoCloseable {
    private RingMapping mapping;
    private @Nullable Thread owner;

    private Uring(final int fd, final ByteBuffer answer, final RingMapping mapping) {
        super(fd, answer, mapping);
        this.mapping = mapping;
        if ((flags() & IORING_SETUP_R_DISABLED) == 0) {
            takeOwnership();
        }
    }

    /**
     * Opens a ring with {@link UringParams#DEFAULT_WISHES}, owned by this thread.
     *
     * @param entries size of the submission queue; the completion queue is twice as large
     * @return an open ring
     * @throws UringException if there is none to be had; the message says why and what to do
     */
    public static Uring open(final int entries) throws UringException {
        return open(UringParams.of(entries));
    }

    /**
     * {@code io_uring_queue_init_params(3)}: opens a ring.
     *
     * @param asked sizes and flags
     * @return an open ring, whose {@link #params()} tell what was granted
     * @throws UringException if there is none to be had; the message says why and what to do
     */
    public static Uring open(final UringParams asked) throws UringException {
        final Throwable failure = LibC.failure();
        if (failure != null) {
            throw new UringException(
                    Errno.ENOSYS,
                    "loading the C library by JNR-FFI",
                    "It takes Linux with glibc on a machine that jffi has a native library for, and a java.io.tmpdir (or"
                            + " -Djffi.extract.dir) that is not mounted noexec. Cause: " + failure,
                    failure);
        }
        final ByteBuffer answer = Memory.allocate(ParamsLayout.SIZE, Long.BYTES);
        final SetupNegotiation negotiation = new SetupNegotiation(answer);
        final int fd = negotiation.negotiate(asked);
        return map(fd, answer, negotiation.memory());
    }

    /** Takes over a ring's file descriptor: closes it when the ring cannot be mapped. */
    static Uring map(final int fd, final ByteBuffer answer, final @Nullable RingMemory memory) throws UringException {
        boolean opened = false;
        try {
            final RingMapping mapping = memory == null ? RingMapping.of(fd, answer) : RingMapping.of(memory, answer);
            final Uring ring = new Uring(fd, answer, mapping);
            opened = true;
            return ring;
        } finally {
            if (!opened) {
                LibC.close(fd); // only mapping fails, which a ring with memory of its own does not need
            }
        }
    }

    private void takeOwnership() {
        final Thread thread = Thread.currentThread();
        if ((flags() & IORING_SETUP_SINGLE_ISSUER) != 0) {
            owner = thread;
            if (!PlatformThreads.isVirtual(thread) && ringFd() >= 0) {
                registerRingFd(); // saves a look-up per call; may be refused, which does not matter
            }
        }
    }

    /**
     * {@code io_uring_enable_rings(3)}: enables a ring that was opened with {@code IORING_SETUP_R_DISABLED}, and makes this
     * thread its owner. Since Linux 5.10; early 5.10 kernels answer 0 and leave the ring disabled.
     *
     * @return 0; -EBADFD when it is enabled already (0 on early kernels)
     */
    public int enableRings() {
        final int result = register(IORING_REGISTER_ENABLE_RINGS, 0, 0);
        if (result >= 0) {
            takeOwnership();
        }
        return result;
    }

    /**
     * {@code io_uring_resize_rings(3)}: gives the queues other sizes. Entries and completions that are in the queues stay
     * in them; {@link Sqe}s and {@link Cqe}s taken before must not be used after it. For rings with
     * {@code IORING_SETUP_DEFER_TASKRUN}. Since Linux 6.13.
     *
     * @param sqEntries size of the submission queue
     * @param cqEntries size of the completion queue, or 0 for twice that
     * @return 0; -EINVAL where the ring or the kernel cannot do it; -EOVERFLOW when what is in the queues would not fit;
     *     other negated errnos. If the new queues cannot be mapped, the ring is closed
     */
    public int resizeRings(final int sqEntries, final int cqEntries) {
        requireOpen();
        if ((flags() & IORING_SETUP_NO_MMAP) != 0) {
            return -Errno.EINVAL;
        }
        sq.flush();
        cq.release();
        final ByteBuffer answer = Memory.allocate(ParamsLayout.SIZE, Long.BYTES);
        final UringParams asked = UringParams.of(sqEntries);
        (cqEntries == 0 ? asked : asked.withCqEntries(cqEntries))
                .writeTo(answer, cqEntries == 0 ? 0 : IORING_SETUP_CQSIZE);
        answer.putInt(ParamsLayout.SQ_ENTRIES, sqEntries);
        final int result = register(IORING_REGISTER_RESIZE_RINGS, answer, 1);
        if (result < 0) {
            return result;
        }
        answer.putInt(ParamsLayout.FEATURES, features());
        try {
            final RingMapping resized = RingMapping.of(ringFd(), answer);
            sq.detach();
            cq.detach();
            mapping.unmap();
            mapping = resized;
            sq = new SubmissionQueue(resized.sqRing(), resized.sqes(), answer, heldMemory);
            cq = new CompletionQueue(resized.cqRing(), answer, heldMemory);
            return 0;
        } catch (final UringException e) {
            close();
            return -e.errno();
        }
    }

    /**
     * {@code io_uring_ring_dontfork(3)}: keeps the ring's memory out of processes that native code forks.
     *
     * @return 0, or the negated errno
     */
    public int ringDontfork() {
        requireOpen();
        return mapping.dontFork();
    }

    /**
     * {@code io_uring_queue_exit(3)}: takes the mappings away, then closes the ring. Does nothing on a closed ring. Does not
     * wait for requests in flight; see the class. Buffers that typed prep methods took for requests still in flight are
     * never freed, since nobody learns when the kernel is through with them; a warning says how many.
     *
     * @throws IllegalStateException if another thread, which is still alive, owns the ring or registered it
     */
    @Override
    public void close() {
        if (isClosed()) {
            return;
        }
        requireMayClose(owner);
        requireMayClose(registrar());
        // In this order: a ring closed while it is mapped goes on for a while, and with it its requests in flight.
        closeRing(mapping::unmap);
    }

    private static void requireMayClose(final @Nullable Thread thread) {
        if (thread != null && thread != Thread.currentThread() && thread.isAlive()) {
            throw new IllegalStateException("the ring belongs to " + thread.getName() + ", which must close it");
        }
    }

    @Override
    public String toString() {
        return isClosed() ? "Uring[closed]" : "Uring[fd=" + ringFd() + ", " + params() + "]\n" + sq + "\n" + cq;
    }
}
