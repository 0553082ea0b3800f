package dev.ringflow.uring.event;

import dev.ringflow.RingException;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Timespec;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A timer that becomes readable when its time has come; see timerfd_create(2). Reading delivers 8 bytes: how often that
 * was since it was last read.
 */
public final class Timerfd extends EventDescriptor {
    private Timerfd(final int number) {
        super(number);
    }

    /**
     * Opens a timer by the monotonic clock. It is not set yet.
     *
     * @return the timer, for the caller to close
     * @throws RingException if the system refuses
     */
    public static Timerfd open() throws RingException {
        return new Timerfd(checked(
                "timerfd_create", LibC.timerfd_create(UringConstants.CLOCK_MONOTONIC, UringConstants.O_CLOEXEC)));
    }

    /**
     * Sets it, in place of what was set before.
     *
     * @param first how long until it is readable first; zero takes it back
     * @param period from time to time after that; zero for once
     * @throws RingException if the system refuses
     * @throws IllegalStateException if it is closed
     */
    public void set(final Duration first, final Duration period) throws RingException {
        requireOpen();
        final ByteBuffer times = Memory.allocate(2 * Timespec.SIZE, Long.BYTES);
        Timespec.set(times, 0, period.getSeconds(), period.getNano());
        Timespec.set(times, Timespec.SIZE, first.getSeconds(), first.getNano());
        final int result = LibC.timerfd_settime(number(), 0, Memory.address(times), 0);
        Reference.reachabilityFence(times);
        checked("timerfd_settime of " + this, result);
    }
}
