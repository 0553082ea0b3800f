package dev.ringflow.internal;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingTask;
import dev.ringflow.RingTimer;
import dev.ringflow.Support;
import dev.ringflow.event.ProcessExit;
import dev.ringflow.event.ProcessExit.Reason;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Waits for the end of a process that the JDK knows: by the driver, and by the JDK where the driver cannot or comes too
 * late. The JDK waits for the processes that it starts in threads of its own, and takes their status away.
 */
public final class ProcessEnd implements RingCallback<ProcessExit> {
    private static final Answer<ProcessExit> WAITED = new Answer<>() {
        @Override
        protected ProcessExit value(Operation operation, int result) {
            return new ProcessExit(
                    operation.position(), (Reason) Objects.requireNonNull(operation.resultObject()), result);
        }
    };

    private final Ring ring;
    private final Supplier<CompletableFuture<ProcessExit>> byJdk;
    private final RingCallback<ProcessExit> callback;

    private ProcessEnd(Ring ring, Supplier<CompletableFuture<ProcessExit>> byJdk, RingCallback<ProcessExit> callback) {
        this.ring = ring;
        this.byJdk = byJdk;
        this.callback = callback;
    }

    /**
     * Waits for a process by its number alone.
     *
     * @param ring the ring
     * @param pid its number
     * @param callback whom to tell
     */
    public static void await(Ring ring, long pid, RingCallback<ProcessExit> callback) {
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("pid must be from 1 to " + Integer.MAX_VALUE + ", got " + pid);
        }
        WAITED.start(ring.operation().opCode(OpCode.WAIT_CHILD).position(pid), callback);
    }

    /**
     * Waits for a process that the JDK has started.
     *
     * @param ring the ring
     * @param process the process
     * @param callback whom to tell
     */
    public static void await(Ring ring, Process process, RingCallback<ProcessExit> callback) {
        ProcessEnd end = new ProcessEnd(
                ring,
                () -> process.onExit()
                        .thenApply(ended -> new ProcessExit(pid(ended), Reason.EXITED, ended.exitValue())),
                callback);
        end.begin(pid(process));
    }

    /**
     * Waits for any process that the JDK knows.
     *
     * @param ring the ring
     * @param process the process
     * @param callback whom to tell
     */
    public static void await(Ring ring, ProcessHandle process, RingCallback<ProcessExit> callback) {
        ProcessEnd end = new ProcessEnd(
                ring,
                () -> process.onExit().thenApply(ended -> new ProcessExit(ended.pid(), Reason.UNKNOWN, 0)),
                callback);
        end.begin(process.pid());
    }

    /** Processes that are none of the system's have no number. */
    private static long pid(Process process) {
        try {
            return process.pid();
        } catch (UnsupportedOperationException e) {
            return 0;
        }
    }

    private void begin(long pid) {
        if (pid == 0 || ring.capabilities().support(OpCode.WAIT_CHILD) == Support.NONE) {
            new Watch().begin();
        } else {
            await(ring, pid, this);
        }
    }

    @Override
    public void submitted(Ring owner, Operation operation, int activation) {
        callback.submitted(owner, operation, activation);
    }

    @Override
    public boolean completed(ProcessExit exit) {
        if (exit.reason() != Reason.UNKNOWN) {
            return callback.completed(exit);
        }
        new Watch().begin();
        return true;
    }

    @Override
    public void failed(Throwable cause) {
        if (cause instanceof CancellationException || cause instanceof RingClosedException) {
            callback.failed(cause);
        } else {
            new Watch().begin();
        }
    }

    /** What the JDK tells, brought to the loop thread; a timer that never ends notices that the ring is closed. */
    private final class Watch implements RingTask {
        void begin() {
            RingTimer untilClosed;
            try {
                untilClosed = ring.scheduleNanos(Long.MAX_VALUE, this);
            } catch (RingClosedException e) {
                callback.failed(e);
                return;
            }
            byJdk.get().whenComplete((exit, failure) -> {
                if (untilClosed.cancel()) {
                    ring.execute(() -> {
                        if (failure == null) {
                            callback.completed(exit);
                        } else {
                            callback.failed(failure);
                        }
                    });
                }
            });
        }

        @Override
        public void run() {
            begin();
        }

        @Override
        public void abandoned(RingClosedException why) {
            callback.failed(why);
        }
    }
}
