package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.TickSchedule;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.struct.Timespec;
import java.nio.ByteBuffer;

/**
 * Clocks. The kernel's timeout that goes on starts each period when it has told the one before, so its ticks come later
 * and later. It is therefore called off when it has become late, and a single timeout leads back to the beat, with
 * which it begins again. Fast clocks, and kernels without such a timeout, get single ones only. See
 * io_uring_prep_timeout(3).
 */
final class TickPreparation extends Preparation {
    /** Faster clocks would be put right every few ticks. */
    private static final long SHORTEST_MULTISHOT = 4_000_000;

    private static final long LATEST = 1_000_000;

    /** Until the kernel says otherwise, which those before Linux 6.4 do. */
    private boolean multishot = true;

    TickPreparation(ScratchMemory scratch) {
        super(scratch);
    }

    /** One clock. */
    private static final class Clock {
        private final TickSchedule schedule;
        private final long tolerance;
        private final ByteBuffer time;
        /** The last tick was on the beat. */
        private boolean inTime;
        /** The kernel's timeout goes on by itself. */
        private boolean goingOn;
        /** It was late, and is being called off. */
        private boolean calledOff;

        Clock(Operation operation, ByteBuffer time) {
            this.schedule = new TickSchedule(System.nanoTime(), operation.position(), operation.extent());
            this.tolerance = Math.min(LATEST, schedule.period() / 8);
            this.time = time;
        }
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        if (operation.driverState() == null) {
            operation.driverState(new Clock(operation, scratch().take(Timespec.SIZE)));
        }
        return 0;
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        Clock clock = (Clock) state(operation);
        clock.goingOn = multishot && clock.inTime && clock.schedule.period() >= SHORTEST_MULTISHOT;
        clock.calledOff = false;
        long nanos = clock.goingOn ? clock.schedule.period() : clock.schedule.untilNext(System.nanoTime());
        Timespec.setNanos(clock.time, 0, nanos);
        sqe.prepTimeout(Memory.address(clock.time), 0, clock.goingOn ? UringConstants.IORING_TIMEOUT_MULTISHOT : 0);
    }

    @Override
    boolean goesOn(Operation operation, int result) {
        if (!(operation.driverState() instanceof Clock clock)) {
            return false;
        }
        if (clock.goingOn && result == -Errno.EINVAL) {
            multishot = false;
            return true;
        }
        return clock.calledOff && result == -Errno.ECANCELED;
    }

    @Override
    boolean repeats(Operation operation, int result) {
        return result >= 0;
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (result != -Errno.ETIME) {
            return result;
        }
        Clock clock = (Clock) state(operation);
        clock.inTime = clock.schedule.lateness(System.nanoTime()) <= clock.tolerance;
        return 0;
    }

    @Override
    boolean isToBeCalledOff(Operation operation) {
        if (operation.driverState() instanceof Clock clock && clock.goingOn && !clock.inTime && !clock.calledOff) {
            clock.calledOff = true;
            return true;
        }
        return false;
    }

    @Override
    void release(Operation operation) {
        if (operation.driverState() instanceof Clock clock) {
            scratch().giveBack(clock.time);
        }
        operation.driverState(null);
    }
}
