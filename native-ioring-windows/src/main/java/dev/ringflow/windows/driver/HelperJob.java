package dev.ringflow.windows.driver;

import dev.ringflow.spi.Operation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One blocking call for a helper thread. What comes out of it is kept here until the loop thread takes it over. It can be
 * cancelled as long as no helper thread has begun.
 */
abstract class HelperJob implements Runnable {
    private enum State {
        WAITING,
        BEGUN,
        CANCELLED
    }

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(HelperJob.class, "state", State.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Operation operation;

    @SuppressWarnings("unused") // by STATE
    private volatile State state = State.WAITING;

    private @Nullable HelperThreads threads;
    private @Nullable Throwable failure;

    HelperJob(Operation operation) {
        this.operation = operation;
    }

    /** Helper thread: the blocking call. */
    abstract void call() throws Throwable;

    /** Loop thread: tells what came out of a call that did not fail. */
    abstract void tell(Completions completions);

    /** Any thread: nobody is left to tell; what was opened is closed. */
    void drop() {}

    final Operation operation() {
        return operation;
    }

    final @Nullable Throwable failure() {
        return failure;
    }

    final void runBy(HelperThreads helpers) {
        threads = helpers;
    }

    @Override
    public final void run() {
        if (!STATE.compareAndSet(this, State.WAITING, State.BEGUN)) {
            return;
        }
        try {
            call();
        } catch (Throwable t) {
            failure = t;
        }
        if (threads != null) {
            threads.finished(this);
        }
    }

    /** Loop thread: true if it will not be run; otherwise the call tells its own outcome. */
    final boolean cancel() {
        return STATE.compareAndSet(this, State.WAITING, State.CANCELLED);
    }
}
