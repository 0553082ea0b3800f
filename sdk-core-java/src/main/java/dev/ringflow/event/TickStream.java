package dev.ringflow.event;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingTask;
import dev.ringflow.RingTimer;
import dev.ringflow.Support;
import dev.ringflow.internal.OnLoop;
import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import dev.ringflow.spi.TickSchedule;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A clock for one consumer: each element is the number of the last tick that has passed, 1, 2, 3, … Numbers only grow.
 * Ticks that passed while nobody asked are not queued: they show as a gap, and the next is told at once.
 *
 * <p>The ticks are those of the kernel where the driver has them, over one timeout that goes on, put right whenever it
 * has come late; otherwise the ring's own timers. No tick is early, and none makes those after it late. While nobody
 * asks, the clock is stopped, and wakes nobody.
 *
 * <p>Any thread may call it; callbacks come on the loop thread. See {@link Ring#ticksPublisher(Duration)}.
 */
public final class TickStream implements PullStream<Long> {
    private static final OperationHandler HANDLER = (operation, result, flags) -> {
        if (operation.callback() instanceof TickStream stream) {
            stream.ticked(operation, result, flags);
        }
    };

    private final Ring ring;
    private final TickSchedule schedule;
    private final boolean byDriver;

    // Confined to the loop thread.
    private final Alarm alarm = new Alarm();
    private long told;
    private @Nullable RingCallback<Long> waiting;
    private @Nullable Operation armed;
    private int armedActivation;
    private @Nullable RingTimer timer;
    private boolean idle;
    private @Nullable Throwable end;

    private final class Alarm implements RingTask {
        @Override
        public void run() {
            timer = null;
            tellOrWait();
        }

        @Override
        public void abandoned(RingClosedException why) {
            timer = null;
            finish(why);
        }
    }

    /**
     * Starts a clock now; {@link Ring#tickStream} is the usual way to one.
     *
     * @param ring the ring
     * @param period nanoseconds from tick to tick, at least 1
     * @param initialDelay nanoseconds to the first tick, 0 or more
     */
    public TickStream(Ring ring, long period, long initialDelay) {
        if (period < 1) {
            throw new IllegalArgumentException("period must be at least a nanosecond, got " + period);
        }
        if (initialDelay < 0) {
            throw new IllegalArgumentException("initialDelay must not be negative, got " + initialDelay);
        }
        this.ring = Objects.requireNonNull(ring, "ring");
        this.schedule = new TickSchedule(System.nanoTime(), initialDelay, period);
        this.byDriver = ring.capabilities().support(OpCode.TICKS) != Support.NONE;
    }

    @Override
    public Ring ring() {
        return ring;
    }

    /**
     * Asks for the next tick. Only one may be asked for at a time.
     *
     * @param callback whom to tell the tick's number; fails with {@link ClosedChannelException} when this stream is
     *     closed, with {@link RingClosedException} when the ring is, and with {@link IllegalStateException} when
     *     another callback waits already
     */
    @Override
    public void next(RingCallback<Long> callback) {
        Objects.requireNonNull(callback, "callback");
        OnLoop.run(
                ring,
                () -> nextOnLoop(callback),
                refusal -> callback.failed(new RingClosedException("next tick", refusal)));
    }

    /**
     * Gives up waiting: the callback that waits, if it is this one, fails with {@link CancellationException}. The clock
     * goes on.
     *
     * @param callback what {@link #next} was called with
     */
    public void giveUp(RingCallback<Long> callback) {
        OnLoop.run(ring, () -> {
            if (waiting == callback) {
                waiting = null;
                callback.failed(new CancellationException("Waiting for a tick was given up"));
            }
        });
    }

    /** Stops the clock. Who waits for a tick fails with {@link ClosedChannelException}. */
    @Override
    public void close() {
        OnLoop.run(ring, () -> finish(new ClosedChannelException()));
    }

    private void nextOnLoop(RingCallback<Long> callback) {
        if (end != null) {
            callback.failed(end);
        } else if (waiting != null) {
            callback.failed(new IllegalStateException("Somebody waits for the next tick already"));
        } else {
            waiting = callback;
            arm();
        }
    }

    /** What is due already is told in the loop's next turn, so that a fast clock leaves time for others. */
    private void arm() {
        idle = false;
        long now = System.nanoTime();
        boolean due = schedule.passed(now) > told;
        if (timer == null && (due || !byDriver)) {
            setTimer(due ? 0 : schedule.untilNext(now));
        } else if (byDriver && armed == null && !due) {
            Operation ticks = ring.operation()
                    .opCode(OpCode.TICKS)
                    .position(schedule.untilNext(now))
                    .extent(schedule.period())
                    .handler(HANDLER)
                    .callback(this);
            armed = ticks;
            armedActivation = ticks.activation();
            ring.submit(ticks);
        }
    }

    private void setTimer(long nanos) {
        try {
            timer = ring.scheduleNanos(nanos, alarm);
        } catch (RingClosedException e) {
            finish(e);
        }
    }

    private void tellOrWait() {
        RingCallback<Long> callback = waiting;
        if (callback == null) {
            return;
        }
        long passed = schedule.passed(System.nanoTime());
        if (passed > told) {
            told = passed;
            waiting = null;
            callback.completed(passed);
        } else {
            arm();
        }
    }

    private void ticked(Operation operation, int result, int flags) {
        boolean terminal = (flags & CompletionFlags.MORE) == 0;
        if (terminal) {
            armed = null;
        }
        if (result < 0) {
            failed(ring.failure(operation, result));
        } else if (waiting != null) {
            tellOrWait();
        } else if (idle) {
            disarm();
        } else {
            idle = true;
        }
    }

    /** Its own cancellation is over when somebody asks again. */
    private void failed(Throwable why) {
        if (!(why instanceof CancellationException)) {
            finish(why);
        } else if (waiting != null) {
            arm();
        }
    }

    private void disarm() {
        if (armed != null) {
            ring.cancel(armed, armedActivation);
        }
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void finish(Throwable why) {
        if (end != null) {
            return;
        }
        end = why;
        disarm();
        RingCallback<Long> callback = waiting;
        waiting = null;
        if (callback != null) {
            callback.failed(why);
        }
    }

    @Override
    public String toString() {
        return "TickStream[every " + Duration.ofNanos(schedule.period()) + "]";
    }
}
