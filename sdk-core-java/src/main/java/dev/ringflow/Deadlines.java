package dev.ringflow;

import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The times of operations in flight whose driver does not keep them itself: a timer cancels what takes too long.
 * Confined to the loop thread.
 */
final class Deadlines {
    private static final long LONGEST = Long.MAX_VALUE / 2; // keeps the difference of two times from overflowing

    private final class Deadline implements Runnable {
        private final Operation operation;
        private final TimerQueue.Entry timer;
        private boolean over;

        Deadline(Operation operation) {
            this.operation = operation;
            this.timer =
                    new TimerQueue.Entry(loop, this, System.nanoTime() + Math.min(LONGEST, operation.timeoutNanos()));
        }

        @Override
        public void run() {
            if (!operation.isCancelRequested()) {
                over = true;
                cancel.accept(operation);
            }
        }
    }

    private final EventLoop loop;
    private final TimerQueue timers;
    private final Consumer<Operation> cancel;
    private final Map<Operation, Deadline> running = new IdentityHashMap<>();

    Deadlines(EventLoop loop, TimerQueue timers, Consumer<Operation> cancel) {
        this.loop = loop;
        this.timers = timers;
        this.cancel = cancel;
    }

    /** Starts the time of an operation that starts. */
    void begin(Operation operation) {
        Deadline deadline = new Deadline(operation);
        running.put(operation, deadline);
        timers.add(deadline.timer);
    }

    /** Ends the time of an operation that ended; answers the result that is to be told. */
    int end(Operation operation, int result) {
        Deadline deadline = running.isEmpty() ? null : running.remove(operation);
        if (deadline == null) {
            return result;
        }
        timers.remove(deadline.timer);
        return deadline.over && result == ResultCodes.CANCELED ? ResultCodes.TIMED_OUT : result;
    }
}
