package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ENTER_ABS_TIMER;
import static dev.ringflow.uring.UringConstants.IORING_ENTER_EXT_ARG;
import static dev.ringflow.uring.UringConstants.IORING_ENTER_EXT_ARG_REG;
import static dev.ringflow.uring.UringConstants.IORING_ENTER_GETEVENTS;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_EXT_ARG;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_MIN_TIMEOUT;
import static dev.ringflow.uring.UringConstants.IORING_MEM_REGION_REG_WAIT_ARG;
import static dev.ringflow.uring.UringConstants.IORING_MEM_REGION_TYPE_USER;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_MEM_REGION;
import static dev.ringflow.uring.UringConstants.LIBURING_UDATA_TIMEOUT;

import dev.ringflow.uring.internal.ExtendedEnter;
import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.RegisteredWait;
import dev.ringflow.uring.struct.Timespec;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Waiting with a time. {@link Uring} tells what holds for all of it.
 */
public abstract class UringWaiting extends UringSubmission {
    /** {@code struct io_uring_getevents_arg { __u64 sigmask; __u32 sigmask_sz, min_wait_usec; __u64 ts; }}. */
    private static final int ARG = 0;

    private static final int ARG_SIGMASK = 0;
    private static final int ARG_SIGMASK_SIZE = 8;
    private static final int ARG_MIN_WAIT_USEC = 12;
    private static final int ARG_TS = 16;
    private static final int ARG_SIZE = 24;
    private static final int TIMESPEC = 32;
    private static final int SCRATCH_SIZE = 64;

    /** {@code sizeof(sigset_t)} in the kernel. */
    private static final int SIGSET_SIZE = 8;

    /** {@code struct io_uring_mem_region_reg { __u64 region_uptr, flags, resv[2]; }}. */
    private static final int REGION_REG_SIZE = 32;

    private static final int REGION_UPTR = 0;
    private static final int REGION_FLAGS = 8;

    /** {@code struct io_uring_region_desc { __u64 user_addr, size; __u32 flags, id; __u64 mmap_offset, resv[4]; }}. */
    private static final int REGION_DESC_SIZE = 64;

    private static final int DESC_SIZE = 8;
    private static final int DESC_FLAGS = 16;

    private final ByteBuffer scratch = Memory.allocate(SCRATCH_SIZE, Long.BYTES);
    private final long scratchAddress = Memory.address(scratch);
    private final @Nullable ExtendedEnter extendedEnter;
    private @Nullable ExtendedEnter[] registeredWaits = new ExtendedEnter[0];
    private @Nullable ByteBuffer waitRegion;

    UringWaiting(final int fd, final ByteBuffer answer, final RingMapping mapping) {
        super(fd, answer, mapping);
        scratch.putLong(ARG + ARG_TS, scratchAddress + TIMESPEC);
        extendedEnter =
                (features() & IORING_FEAT_EXT_ARG) == 0 ? null : new ExtendedEnter(scratchAddress + ARG, ARG_SIZE);
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
    public final int submitAndWaitTimeout(final int waitNr, final long timeoutNanos) {
        requireOpen();
        if (waitNr <= 0) {
            return handIn(0, true);
        }
        final long time = Math.min(Math.max(0, timeoutNanos), Long.MAX_VALUE / 2);
        return extendedEnter != null ? handIn(waitNr, time, extendedEnter, 0) : submitWithTimeoutEntry(waitNr, time);
    }

    /**
     * {@code io_uring_submit_and_wait_timeout(3)} with a signal mask: the same with a mask of signals that holds for the
     * wait only. Since Linux 5.11.
     *
     * @param waitNr completions to wait for
     * @param timeoutNanos the time in nanoseconds
     * @param sigmaskAddress a {@code sigset_t} of 64 bits, read during the call; delicate; 0 for none
     * @return as {@link #submitAndWaitTimeout(int, long)}; -EOPNOTSUPP where the kernel lacks {@code IORING_FEAT_EXT_ARG}
     */
    public final int submitAndWaitTimeout(final int waitNr, final long timeoutNanos, final long sigmaskAddress) {
        requireOpen();
        if (extendedEnter == null) {
            return -Errno.EOPNOTSUPP;
        }
        scratch.putLong(ARG + ARG_SIGMASK, sigmaskAddress);
        scratch.putInt(ARG + ARG_SIGMASK_SIZE, sigmaskAddress == 0 ? 0 : SIGSET_SIZE);
        final int result = submitAndWaitTimeout(waitNr, timeoutNanos);
        scratch.putLong(ARG + ARG_SIGMASK, 0);
        scratch.putInt(ARG + ARG_SIGMASK_SIZE, 0);
        return result;
    }

    /**
     * {@code io_uring_submit_and_wait_min_timeout(3)}: waits for a batch, but not long. Within the smaller time it waits
     * for all of {@code waitNr}; after it, the first completion ends the wait. Since Linux 6.12.
     *
     * @param waitNr completions to wait for
     * @param timeoutNanos the whole time in nanoseconds
     * @param minWaitMicros the smaller time in microseconds
     * @return as {@link #submitAndWaitTimeout(int, long)}; -EINVAL where the kernel lacks {@code IORING_FEAT_MIN_TIMEOUT}
     */
    public final int submitAndWaitMinTimeout(final int waitNr, final long timeoutNanos, final int minWaitMicros) {
        requireOpen();
        if ((features() & IORING_FEAT_MIN_TIMEOUT) == 0) {
            return -Errno.EINVAL;
        }
        scratch.putInt(ARG + ARG_MIN_WAIT_USEC, minWaitMicros);
        final int result = submitAndWaitTimeout(waitNr, timeoutNanos);
        scratch.putInt(ARG + ARG_MIN_WAIT_USEC, 0);
        return result;
    }

    /**
     * Hands all entries to the kernel and waits for completions until a moment ({@code IORING_ENTER_ABS_TIMER}). Since
     * Linux 6.12.
     *
     * @param waitNr completions to wait for
     * @param deadlineNanos the moment in nanoseconds of the ring's clock: {@code CLOCK_MONOTONIC}, which is
     *     {@link System#nanoTime()} on Linux, unless another one is registered
     * @return as {@link #submitAndWaitTimeout(int, long)}; -EINVAL on an older kernel
     */
    public final int submitAndWaitUntil(final int waitNr, final long deadlineNanos) {
        requireOpen();
        if (extendedEnter == null) {
            return -Errno.EINVAL;
        }
        return handIn(waitNr, Math.max(0, deadlineNanos), extendedEnter, IORING_ENTER_ABS_TIMER);
    }

    private int handIn(final int waitNr, final long timeoutNanos, final ExtendedEnter call, final int clockFlags) {
        final long start = System.nanoTime();
        long remaining = timeoutNanos;
        int toSubmit = sq.flush();
        int submitted = 0;
        while (toSubmit > 0 || cq.ready() < waitNr || cqNeedsEnter()) {
            Timespec.setNanos(scratch, TIMESPEC, remaining);
            int flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | clockFlags;
            if (toSubmit > 0) {
                flags |= wakeup();
            }
            final int taken = enterExtended(call, toSubmit, waitNr, flags);
            if (clockFlags == 0) {
                remaining = timeoutNanos - (System.nanoTime() - start);
            } else if (taken == -Errno.ETIME) {
                remaining = 0; // the moment stays the same however often a signal ends the wait
            }
            if (taken == -Errno.EINTR) {
                toSubmit = sq.isPolled() ? toSubmit : sq.unconsumed(); // a polled queue is its thread's business
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
            submitted = handIn(0, false);
            timer = submitted < 0 ? null : sq.next();
            if (timer == null) {
                return submitted < 0 ? submitted : -Errno.EAGAIN;
            }
        }
        Timespec.setNanos(scratch, TIMESPEC, timeoutNanos);
        timer.prepTimeout(scratchAddress + TIMESPEC, Math.max(1, waitNr - cq.shown()), 0);
        timer.setData64(LIBURING_UDATA_TIMEOUT);
        final int taken = handIn(1, false);
        if (taken < 0) {
            return taken;
        }
        submitted += taken - 1;
        return awaitOrTimeout(waitNr, timeoutNanos, start, submitted);
    }

    /**
     * Waits for one completion more at a time: a timer that is over before the kernel begins to wait ends that wait only by
     * being a completion itself, and never one for two.
     */
    private int awaitOrTimeout(final int waitNr, final long timeoutNanos, final long start, final int submitted) {
        while (cq.shown() < waitNr) {
            final int ready = cq.ready();
            if (System.nanoTime() - start >= timeoutNanos || ready >= cq.entries()) {
                return submitted > 0 || cq.hasShown() ? submitted : -Errno.ETIME;
            }
            final int result =
                    enter(0, ready + 1, IORING_ENTER_GETEVENTS); // woken by a timer, perhaps of an earlier wait
            if (result < 0 && result != -Errno.EINTR) {
                return result;
            }
        }
        return submitted;
    }

    /**
     * {@code io_uring_wait_cqe(3)}: waits until a completion is ready. Submits nothing.
     *
     * @return 0, and {@link UringCompletion#peekCqe()} has it; or the negated errno
     */
    public final int waitCqe() {
        return waitCqeNr(1);
    }

    /**
     * {@code io_uring_wait_cqe_nr(3)}: waits until so many completions are ready, in a ring with
     * {@code IORING_SETUP_IOPOLL} until some are. Submits nothing.
     *
     * @param waitNr completions to wait for; more than the completion queue holds counts as its size
     * @return 0, or the negated errno
     */
    public final int waitCqeNr(final int waitNr) {
        requireOpen();
        final int wanted = Math.min(waitNr, cq.entries());
        while (cq.ready() < wanted || (wanted > 0 && !cq.hasShown())) {
            final int result = enter(0, wanted, IORING_ENTER_GETEVENTS);
            if (result < 0 && result != -Errno.EINTR) {
                return result;
            }
            if (isPolling() && cq.hasShown()) {
                return 0; // the kernel does not look for more while there are some
            }
        }
        return 0;
    }

    /**
     * {@code io_uring_wait_cqe_timeout(3)}: waits until a completion is ready, no longer than a time.
     *
     * @param timeoutNanos the time in nanoseconds
     * @return 0, and {@link UringCompletion#peekCqe()} has it; -ETIME when the time is over; or another negated errno
     */
    public final int waitCqeTimeout(final long timeoutNanos) {
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
    public final int waitCqes(final int waitNr, final long timeoutNanos) {
        return waited(submitAndWaitTimeout(waitNr, timeoutNanos), waitNr);
    }

    /**
     * {@code io_uring_wait_cqes_min_timeout(3)}: {@link #waitCqes} with a smaller time as in
     * {@link #submitAndWaitMinTimeout}. Since Linux 6.12.
     *
     * @param waitNr completions to wait for
     * @param timeoutNanos the whole time in nanoseconds
     * @param minWaitMicros the smaller time in microseconds
     * @return 0 when at least one is ready; -ETIME when the time is over and none is; or another negated errno
     */
    public final int waitCqesMinTimeout(final int waitNr, final long timeoutNanos, final int minWaitMicros) {
        return waited(submitAndWaitMinTimeout(waitNr, timeoutNanos, minWaitMicros), waitNr);
    }

    /** What a wait answers that was also a submit. */
    private int waited(final int submitted, final int waitNr) {
        if (submitted < 0) {
            return submitted;
        }
        return waitNr <= 0 || cq.hasShown() ? 0 : -Errno.ETIME;
    }

    /**
     * {@code io_uring_register_wait_reg(3)}: registers memory that holds the arguments of waits, so that a wait passes an
     * index instead of copying them. The memory is the ring's own. The ring must have been opened with
     * {@code IORING_SETUP_R_DISABLED} and not be enabled yet. Since Linux 6.13.
     *
     * @param count how many arguments, up to what a page holds times whole pages
     * @return 0; -EINVAL when the ring is enabled already or the kernel has none; -EBUSY when a region is registered
     */
    public final int registerWaitReg(final int count) {
        requireOpen();
        if (count <= 0) {
            throw new IllegalArgumentException("the number of arguments is " + count);
        }
        final int page = LibC.pageSize();
        final int bytes = Math.toIntExact(MemoryRegion.roundUp((long) count * RegisteredWait.SIZE, page));
        final ByteBuffer region = Memory.allocate(bytes, page);
        final int result = registerRegion(Memory.address(region), bytes, IORING_MEM_REGION_REG_WAIT_ARG);
        if (result >= 0) {
            waitRegion = region;
            registeredWaits = new ExtendedEnter[bytes / RegisteredWait.SIZE];
        }
        return result;
    }

    /**
     * {@code io_uring_register_region(3)}: registers memory of the application with the ring. Since Linux 6.13.
     *
     * @param address the memory, which begins at a page; delicate: the kernel's until the ring is closed
     * @param bytes its size, whole pages
     * @param flags {@code IORING_MEM_REGION_REG_WAIT_ARG} or 0
     * @return 0; -EBUSY when one is registered already; or another negated errno
     */
    public final int registerRegion(final long address, final long bytes, final int flags) {
        final ByteBuffer memory = Memory.allocate(REGION_REG_SIZE + REGION_DESC_SIZE, Long.BYTES);
        memory.putLong(REGION_UPTR, Memory.address(memory) + REGION_REG_SIZE);
        memory.putLong(REGION_FLAGS, flags);
        memory.putLong(REGION_REG_SIZE, address);
        memory.putLong(REGION_REG_SIZE + DESC_SIZE, bytes);
        memory.putInt(REGION_REG_SIZE + DESC_FLAGS, IORING_MEM_REGION_TYPE_USER);
        return register(IORING_REGISTER_MEM_REGION, memory, 1);
    }

    /**
     * The memory that {@link #registerWaitReg} registered, to be filled by {@link RegisteredWait}.
     *
     * @return the ring's own memory; the kernel reads it during waits only
     * @throws IllegalStateException if none is registered
     */
    public final ByteBuffer waitRegion() {
        requireOpen();
        final ByteBuffer region = waitRegion;
        if (region == null) {
            throw new IllegalStateException("no arguments of waits are registered: registerWaitReg does that");
        }
        return region;
    }

    /**
     * {@code io_uring_submit_and_wait_reg(3)}: hands all entries to the kernel and waits with a registered argument. Since
     * Linux 6.13.
     *
     * @param waitNr completions to wait for
     * @param index which argument
     * @return how many entries the kernel took; -ETIME when its time is over; -EINTR when a signal came; -EFAULT for an
     *     index outside of the region; or another negated errno
     */
    public final int submitAndWaitReg(final int waitNr, final int index) {
        requireOpen();
        final int toSubmit = sq.flush();
        final int flags = IORING_ENTER_GETEVENTS
                | IORING_ENTER_EXT_ARG
                | IORING_ENTER_EXT_ARG_REG
                | (toSubmit > 0 ? wakeup() : 0);
        return enterExtended(registeredWait(index), toSubmit, waitNr, flags);
    }

    /** The call with a registered argument, kept; one outside of the region is for the kernel to refuse. */
    private ExtendedEnter registeredWait(final int index) {
        final boolean kept = index >= 0 && index < registeredWaits.length;
        ExtendedEnter call = kept ? registeredWaits[index] : null;
        if (call == null) {
            call = new ExtendedEnter((long) index * RegisteredWait.SIZE, RegisteredWait.SIZE);
            if (kept) {
                registeredWaits[index] = call;
            }
        }
        return call;
    }
}
