package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ENTER_EXT_ARG;
import static dev.ringflow.uring.UringConstants.IORING_ENTER_GETEVENTS;
import static dev.ringflow.uring.UringConstants.IORING_ENTER_REGISTERED_RING;
import static dev.ringflow.uring.UringConstants.IORING_ENTER_SQ_WAIT;
import static dev.ringflow.uring.UringConstants.IORING_ENTER_SQ_WAKEUP;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_EXT_ARG;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_ENABLE_RINGS;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_RING_FDS;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_IOPOLL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_R_DISABLED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringflow.uring.UringConstants.IORING_SQ_CQ_OVERFLOW;
import static dev.ringflow.uring.UringConstants.IORING_SQ_NEED_WAKEUP;
import static dev.ringflow.uring.UringConstants.IORING_SQ_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_UNREGISTER_RING_FDS;
import static dev.ringflow.uring.UringConstants.LIBURING_UDATA_TIMEOUT;

import dev.ringflow.uring.internal.ExtendedEnter;
import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Timespec;
import java.lang.invoke.VarHandle;
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
 * <p>Source: {@code io_uring(7)} and the man page {@code io_uring_…(3)} of the same name as the method.
 */
public final class Uring extends UringRegistration implements AutoCloseable {
    /** In the ring's scratch memory: {@code struct io_uring_getevents_arg { __u64 sigmask; __u32 sz, pad; __u64 ts; }}. */
    private static final int ARG = 0;

    private static final int ARG_TS = 16;
    private static final int ARG_SIZE = 24;
    private static final int TIMESPEC = 32;
    private static final int RING_FD_UPDATE = 64;
    private static final int SCRATCH_SIZE = 128;

    private static final int NOT_REGISTERED = -1;

    private final int fd;
    private final RingMapping mapping;
    private final UringParams params;
    private final SubmissionQueue sq;
    private final CompletionQueue cq;
    private final ByteBuffer scratch;
    private final long scratchAddress;
    private final @Nullable ExtendedEnter extendedEnter;
    private final boolean polledCompletions;
    private int registeredIndex = NOT_REGISTERED;
    private @Nullable Thread registrar;
    private @Nullable Thread owner;
    private long enterCalls;
    private boolean closed;

    private Uring(final int fd, final ByteBuffer answer) throws UringException {
        super(fd);
        this.fd = fd;
        mapping = new RingMapping(fd, answer);
        params = UringParams.granted(answer);
        sq = new SubmissionQueue(mapping.sqRing(), mapping.sqes(), answer);
        cq = new CompletionQueue(mapping.cqRing(), answer);
        polledCompletions = (params.flags() & IORING_SETUP_IOPOLL) != 0;
        scratch = Memory.allocate(SCRATCH_SIZE, Long.BYTES);
        scratchAddress = Memory.address(scratch);
        scratch.putLong(ARG + ARG_TS, scratchAddress + TIMESPEC);
        extendedEnter = (params.features() & IORING_FEAT_EXT_ARG) == 0
                ? null
                : new ExtendedEnter(scratchAddress + ARG, ARG_SIZE);
        if ((params.flags() & IORING_SETUP_R_DISABLED) == 0) {
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
        return map(new SetupNegotiation(answer).negotiate(asked), answer);
    }

    /** Takes over a ring's file descriptor: closes it when the ring cannot be mapped. */
    static Uring map(final int fd, final ByteBuffer answer) throws UringException {
        boolean opened = false;
        try {
            final Uring ring = new Uring(fd, answer);
            opened = true;
            return ring;
        } finally {
            if (!opened) {
                LibC.close(fd);
            }
        }
    }

    private void takeOwnership() {
        final Thread thread = Thread.currentThread();
        if ((params.flags() & IORING_SETUP_SINGLE_ISSUER) != 0) {
            owner = thread;
            if (!PlatformThreads.isVirtual(thread)) {
                registerRingFd(); // saves a look-up per call; may be refused, which does not matter
            }
        }
    }

    @Override
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the ring is closed");
        }
    }

    /**
     * {@code io_uring_get_sqe(3)}: the next free entry, as a NOP with user data 0.
     *
     * @return an entry that is the caller's until the next submit; null when the queue is full: submit, then ask again
     */
    public @Nullable Sqe getSqe() {
        return sq.next(); // of a closed ring, throws
    }

    /**
     * {@code io_uring_submit(3)}: hands all entries to the kernel.
     *
     * @return how many it took (with SQPOLL: how many wait for its thread), or the negated errno. On -EAGAIN and -EBUSY
     *     the entries are kept: reap completions, then submit again
     */
    public int submit() {
        requireOpen();
        return submit(0, false);
    }

    /**
     * {@code io_uring_submit_and_wait(3)}: hands all entries to the kernel and waits for completions. Ends before
     * {@code waitNr} of them when a timeout request fires or a signal comes, but not before one is ready.
     *
     * @param waitNr completions to wait for; more than the completion queue holds counts as its size
     * @return how many entries the kernel took, or the negated errno
     */
    public int submitAndWait(final int waitNr) {
        requireOpen();
        final int submitted = submit(waitNr, false);
        return extendedEnter != null || waitNr <= 0 || submitted < 0 ? submitted : waitForOne(submitted);
    }

    /** On kernels before 5.11, the timeout request of an earlier wait may have ended this one: waits on. */
    private int waitForOne(final int submitted) {
        while (!cq.hasShown()) {
            final int result = enter(0, 1, IORING_ENTER_GETEVENTS);
            if (result < 0 && result != -Errno.EINTR) {
                return submitted > 0 ? submitted : result;
            }
        }
        return submitted;
    }

    /**
     * {@code io_uring_submit_and_get_events(3)}: hands all entries to the kernel and lets it run what is pending.
     *
     * @return how many entries it took, or the negated errno
     */
    public int submitAndGetEvents() {
        requireOpen();
        return submit(0, true);
    }

    /**
     * {@code io_uring_submit_and_wait_timeout(3)}: like {@link #submitAndWait}, but waits no longer than a time. On
     * kernels before 5.11 that takes an entry of the queue, and user data -1 is reserved.
     *
     * @param waitNr completions to wait for
     * @param timeoutNanos the time in nanoseconds, measured by {@code CLOCK_MONOTONIC}
     * @return how many entries the kernel took; if that is none and no completion came in time, -ETIME; or another negated
     *     errno
     */
    public int submitAndWaitTimeout(final int waitNr, final long timeoutNanos) {
        requireOpen();
        if (waitNr <= 0) {
            return submit(0, true);
        }
        final long time = Math.min(Math.max(0, timeoutNanos), Long.MAX_VALUE / 2);
        return extendedEnter != null ? submit(waitNr, time, extendedEnter) : submitWithTimeoutEntry(waitNr, time);
    }

    private int submit(final int waitNr, final boolean getEvents) {
        int toSubmit = sq.flush();
        int submitted = 0;
        while (true) {
            int flags = 0;
            boolean enter = false;
            if (toSubmit > 0) {
                flags = wakeup();
                enter = !sq.isPolled() || flags != 0;
            }
            if (waitNr > 0 || getEvents || cqNeedsEnter()) {
                flags |= IORING_ENTER_GETEVENTS;
                enter = true;
            }
            if (!enter) {
                return submitted + toSubmit;
            }
            final int taken = enter(toSubmit, waitNr, flags);
            if (taken == -Errno.EINTR) {
                toSubmit = sq.unconsumed();
                continue;
            }
            if (taken < 0) {
                return submitted > 0 ? submitted : taken;
            }
            submitted += taken;
            if (taken < toSubmit) {
                if (taken == 0) {
                    return submitted; // the kernel takes nothing: going on would spin
                }
                toSubmit -= taken; // without SUBMIT_ALL, a faulty entry ended the batch
                continue;
            }
            if (waitNr <= 0 || cq.ready() > 0) {
                return submitted;
            }
            toSubmit = 0; // a signal ended the wait, hidden behind the number of entries taken
        }
    }

    private int submit(final int waitNr, final long timeoutNanos, final ExtendedEnter call) {
        final long start = System.nanoTime();
        long remaining = timeoutNanos;
        int toSubmit = sq.flush();
        int submitted = 0;
        while (toSubmit > 0 || cq.ready() < waitNr || cqNeedsEnter()) {
            Timespec.setNanos(scratch, TIMESPEC, remaining);
            int flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
            if (toSubmit > 0) {
                flags |= wakeup();
            }
            enterCalls++;
            cq.release();
            final int taken = isRegistrar()
                    ? call.call(registeredIndex, toSubmit, waitNr, flags | IORING_ENTER_REGISTERED_RING)
                    : call.call(fd, toSubmit, waitNr, flags);
            remaining = timeoutNanos - (System.nanoTime() - start);
            if (taken == -Errno.EINTR) {
                toSubmit = sq.unconsumed();
                continue;
            }
            if (taken < 0) {
                return submitted > 0 ? submitted : taken;
            }
            submitted += taken;
            if (taken < toSubmit) {
                if (taken == 0) {
                    return submitted;
                }
                toSubmit -= taken;
                continue;
            }
            if (cq.ready() > 0) {
                return submitted;
            }
            if (remaining <= 0) {
                return submitted > 0 ? submitted : -Errno.ETIME;
            }
            toSubmit = 0; // a signal ended the wait, hidden behind the number of entries taken
        }
        return submitted;
    }

    /** Kernels before 5.11 have no timeout for waits: a timeout request ends them, whose completion is never shown. */
    private int submitWithTimeoutEntry(final int waitNr, final long timeoutNanos) {
        if (sq.ready() == 0 && cq.shown() >= waitNr) {
            return 0;
        }
        final long start = System.nanoTime();
        int submitted = 0;
        Sqe timer = sq.next();
        if (timer == null) {
            submitted = submit(0, false);
            timer = submitted < 0 ? null : sq.next();
            if (timer == null) {
                return submitted < 0 ? submitted : -Errno.EAGAIN;
            }
        }
        Timespec.setNanos(scratch, TIMESPEC, timeoutNanos);
        timer.prepTimeout(scratchAddress + TIMESPEC, Math.max(1, waitNr - cq.shown()), 0);
        timer.setData64(LIBURING_UDATA_TIMEOUT);
        final int taken = submit(waitNr, false);
        if (taken < 0) {
            return taken;
        }
        submitted += taken - 1;
        while (!cq.hasShown()) { // what woke us was a timer, perhaps of an earlier wait
            if (System.nanoTime() - start >= timeoutNanos) {
                return submitted > 0 ? submitted : -Errno.ETIME;
            }
            final int result = enter(0, 1, IORING_ENTER_GETEVENTS);
            if (result < 0 && result != -Errno.EINTR) {
                return result;
            }
        }
        return submitted;
    }

    /** The flag that wakes the SQPOLL thread, if it sleeps. The tail is published before. */
    private int wakeup() {
        if (!sq.isPolled()) {
            return 0;
        }
        // The thread sets the flag, then looks at the tail once more, then sleeps. Without a full fence between our
        // tail
        // and our look at the flag, both sides could miss each other.
        VarHandle.fullFence();
        return (sq.flags() & IORING_SQ_NEED_WAKEUP) != 0 ? IORING_ENTER_SQ_WAKEUP : 0;
    }

    /** Whether completions wait in the kernel that only a call brings into the queue. */
    private boolean cqNeedsEnter() {
        return polledCompletions || (sq.flags() & (IORING_SQ_CQ_OVERFLOW | IORING_SQ_TASKRUN)) != 0;
    }

    private int enter(final int toSubmit, final int minComplete, final int flags) {
        enterCalls++;
        cq.release(); // a handler may enter: the kernel must know what is consumed by then
        return isRegistrar()
                ? LibC.ioUringEnter(registeredIndex, toSubmit, minComplete, flags | IORING_ENTER_REGISTERED_RING)
                : LibC.ioUringEnter(fd, toSubmit, minComplete, flags);
    }

    /** A registered index belongs to one thread: on another it may be another ring's, or nobody's. */
    private boolean isRegistrar() {
        return registrar == Thread.currentThread();
    }

    /**
     * How often this ring has entered the kernel: the system calls that its work has cost.
     *
     * @return calls of {@code io_uring_enter(2)} since the ring was opened
     */
    public long enterCalls() {
        return enterCalls;
    }

    /**
     * {@code io_uring_get_events(3)}: lets the kernel run what is pending and bring kept completions into the queue, without
     * waiting.
     *
     * @return 0, or the negated errno
     */
    public int getEvents() {
        requireOpen();
        return enter(0, 0, IORING_ENTER_GETEVENTS);
    }

    /**
     * {@code io_uring_peek_cqe(3)}: the first completion, if there is one, without consuming it. Enters the kernel only
     * when completions wait there.
     *
     * @return a view of it, good until it is marked as seen; null when there is none
     */
    public @Nullable Cqe peekCqe() {
        requireOpen();
        final Cqe cqe = cq.peek();
        if (cqe != null || !cqNeedsEnter()) {
            return cqe;
        }
        enter(0, 0, IORING_ENTER_GETEVENTS);
        return cq.peek();
    }

    /**
     * {@code io_uring_peek_batch_cqe(3)}: the first completions, without consuming them. Enters the kernel only when there
     * are none and some wait there.
     *
     * @param cqes filled from index 0 on
     * @return how many
     */
    public int peekBatchCqe(final Cqe[] cqes) {
        requireOpen();
        final int count = cq.peekBatch(cqes);
        if (count > 0 || !cqNeedsEnter()) {
            return count;
        }
        enter(0, 0, IORING_ENTER_GETEVENTS);
        return cq.peekBatch(cqes);
    }

    /**
     * {@code io_uring_wait_cqe(3)}: waits until a completion is ready. Submits nothing.
     *
     * @return 0, and {@link #peekCqe()} has it; or the negated errno
     */
    public int waitCqe() {
        return waitCqeNr(1);
    }

    /**
     * {@code io_uring_wait_cqe_nr(3)}: waits until so many completions are ready. Submits nothing.
     *
     * @param waitNr completions to wait for; more than the completion queue holds counts as its size
     * @return 0, or the negated errno
     */
    public int waitCqeNr(final int waitNr) {
        requireOpen();
        final int wanted = Math.min(waitNr, cq.entries());
        while (cq.ready() < wanted || (wanted > 0 && !cq.hasShown())) {
            final int result = enter(0, wanted, IORING_ENTER_GETEVENTS);
            if (result < 0 && result != -Errno.EINTR) {
                return result;
            }
        }
        return 0;
    }

    /**
     * {@code io_uring_wait_cqe_timeout(3)}: waits until a completion is ready, no longer than a time.
     *
     * @param timeoutNanos the time in nanoseconds
     * @return 0, and {@link #peekCqe()} has it; -ETIME when the time is over; or another negated errno
     */
    public int waitCqeTimeout(final long timeoutNanos) {
        return waitCqes(1, timeoutNanos);
    }

    /**
     * {@code io_uring_wait_cqes(3)}: waits until so many completions are ready, no longer than a time. Also submits what is
     * queued.
     *
     * @param waitNr completions to wait for
     * @param timeoutNanos the time in nanoseconds
     * @return 0 when at least one is ready; -ETIME when the time is over and none is; or another negated errno
     */
    public int waitCqes(final int waitNr, final long timeoutNanos) {
        final int result = submitAndWaitTimeout(waitNr, timeoutNanos);
        if (result < 0) {
            return result;
        }
        return waitNr <= 0 || cq.hasShown() ? 0 : -Errno.ETIME;
    }

    /**
     * {@code io_uring_for_each_cqe(3)} and {@code io_uring_cq_advance(3)} in one: consumes every completion that is ready,
     * and those that become ready meanwhile, up to once around the queue. Never enters the kernel: the next submit or wait
     * brings in what waits there ({@link #cqHasOverflow()}).
     *
     * <p>An entry is copied and given back to the kernel before the handler sees it. So a handler may throw, which ends
     * the loop with nothing lost and nothing seen twice, and may use the ring, this method included. Allocates nothing.
     *
     * @param handler called for each, on this thread
     * @return how many the handler was called for
     */
    public int forEachCqe(final CqeHandler handler) {
        requireOpen();
        return cq.forEach(handler);
    }

    /**
     * {@code io_uring_cq_ready(3)}: how many completions are ready.
     *
     * @return completions in the queue
     */
    public int cqReady() {
        requireOpen();
        return cq.shown();
    }

    /**
     * {@code io_uring_cq_advance(3)}: consumes completions. Their {@link Cqe}s must not be used after it.
     *
     * @param nr how many
     * @throws IllegalArgumentException if fewer are ready
     */
    public void cqAdvance(final int nr) {
        requireOpen();
        cq.advance(nr);
    }

    /**
     * {@code io_uring_cqe_seen(3)}: consumes the first completion.
     *
     * @param cqe the one that {@link #peekCqe()} gave; null does nothing
     */
    public void cqeSeen(final @Nullable Cqe cqe) {
        requireOpen();
        if (cqe != null) {
            cq.advance(1);
        }
    }

    /**
     * {@code io_uring_sq_ready(3)}: entries that the kernel has not taken yet.
     *
     * @return entries in the queue
     */
    public int sqReady() {
        requireOpen();
        return sq.ready();
    }

    /**
     * {@code io_uring_sq_space_left(3)}: entries that {@link #getSqe()} can give now. A chain of links must fit in whole,
     * since a submit between two of its entries ends it: check before its first entry.
     *
     * @return free entries of the queue
     */
    public int sqSpaceLeft() {
        requireOpen();
        return sq.spaceLeft();
    }

    /**
     * {@code io_uring_sqring_wait(3)}: with SQPOLL, waits until the queue has room; otherwise does nothing.
     *
     * @return 0 or more, or the negated errno
     */
    public int sqringWait() {
        requireOpen();
        return !sq.isPolled() || sq.spaceLeft() > 0 ? 0 : enter(0, 0, IORING_ENTER_SQ_WAIT);
    }

    /**
     * {@code io_uring_cq_has_overflow(3)}: whether completions wait in the kernel because the queue was full. The next
     * {@link #getEvents()}, wait, or peek of an empty queue brings them in.
     *
     * @return true if {@code IORING_SQ_CQ_OVERFLOW} is set
     */
    public boolean cqHasOverflow() {
        requireOpen();
        return (sq.flags() & IORING_SQ_CQ_OVERFLOW) != 0;
    }

    /**
     * {@code *ring->cq.koverflow}: completions that were lost for ever, because the kernel had no memory to keep them. Other
     * than 0 means that the ring can no longer be trusted.
     *
     * @return an unsigned count
     */
    public int cqOverflow() {
        requireOpen();
        return cq.overflow();
    }

    /**
     * {@code *ring->sq.kdropped}: entries that the kernel dropped because their index was wrong. Other than 0 means that the
     * ring can no longer be trusted.
     *
     * @return an unsigned count
     */
    public int sqDropped() {
        requireOpen();
        return sq.dropped();
    }

    /**
     * {@code io_uring_enable_rings(3)}: enables a ring that was opened with {@code IORING_SETUP_R_DISABLED}, and makes this
     * thread its owner. Since Linux 5.10.
     *
     * @return 0; -EBADFD when it is enabled already
     */
    public int enableRings() {
        final int result = register(IORING_REGISTER_ENABLE_RINGS, 0, 0);
        if (result >= 0) {
            takeOwnership();
        }
        return result;
    }

    /**
     * {@code io_uring_register_ring_fd(3)}: registers the ring with this thread, which makes calls a little cheaper. Done at
     * opening where the kernel granted {@code IORING_SETUP_SINGLE_ISSUER}. A thread has room for 16 rings. This thread must
     * then close the ring, unless it has ended. Since Linux 5.18.
     *
     * @return 1, or the negated errno; -EEXIST when it is registered already
     */
    public int registerRingFd() {
        requireOpen();
        if (registeredIndex != NOT_REGISTERED) {
            return -Errno.EEXIST;
        }
        ringFdUpdate(-1, fd);
        final int result = register(IORING_REGISTER_RING_FDS, scratchAddress + RING_FD_UPDATE, 1);
        if (result == 1) {
            registeredIndex = scratch.getInt(RING_FD_UPDATE);
            registrar = Thread.currentThread();
        }
        return result;
    }

    /**
     * {@code io_uring_unregister_ring_fd(3)}: undoes {@link #registerRingFd()}, on the same thread. {@link #close()} does so
     * too. Since Linux 5.18.
     *
     * @return 1, or the negated errno; -EINVAL when it is not registered with this thread
     */
    public int unregisterRingFd() {
        requireOpen();
        if (!isRegistrar()) {
            return -Errno.EINVAL;
        }
        ringFdUpdate(registeredIndex, 0);
        final int result = register(IORING_UNREGISTER_RING_FDS, scratchAddress + RING_FD_UPDATE, 1);
        if (result == 1) {
            registeredIndex = NOT_REGISTERED;
            registrar = null;
        }
        return result;
    }

    private void ringFdUpdate(final int offset, final long data) {
        scratch.putInt(RING_FD_UPDATE, offset);
        scratch.putInt(RING_FD_UPDATE + 4, 0);
        scratch.putLong(RING_FD_UPDATE + 8, data);
    }

    /**
     * What the kernel granted.
     *
     * @return sizes, flags and features
     */
    public UringParams params() {
        return params;
    }

    /**
     * The set-up flags that the kernel granted.
     *
     * @return {@code IORING_SETUP_} flags
     */
    public int flags() {
        return params.flags();
    }

    /**
     * What the kernel can do.
     *
     * @return {@code IORING_FEAT_} flags
     */
    public int features() {
        return params.features();
    }

    /**
     * {@code io_uring_queue_exit(3)}: takes the mappings away, then closes the ring. Does nothing on a closed ring. Does not
     * wait for requests in flight; see the class.
     *
     * @throws IllegalStateException if another thread, which is still alive, owns the ring or registered it
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        requireMayClose(owner);
        requireMayClose(registrar);
        if (isRegistrar()) {
            unregisterRingFd();
        }
        closed = true;
        sq.detach();
        cq.detach();
        // In this order: a ring closed while it is mapped goes on for a while, and with it its requests in flight.
        mapping.unmap();
        LibC.close(fd);
    }

    private static void requireMayClose(final @Nullable Thread thread) {
        if (thread != null && thread != Thread.currentThread() && thread.isAlive()) {
            throw new IllegalStateException("the ring belongs to " + thread.getName() + ", which must close it");
        }
    }

    @Override
    public String toString() {
        return closed ? "Uring[closed]" : "Uring[fd=" + fd + ", " + params + "]\n" + sq + "\n" + cq;
    }
}
