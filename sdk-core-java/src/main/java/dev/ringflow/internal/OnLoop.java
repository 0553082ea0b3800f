package dev.ringflow.internal;

import dev.ringflow.Ring;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Has things done on a ring's loop thread: at once if that is the caller's, or else when the loop comes to it. */
public final class OnLoop {
    private OnLoop() {}

    /**
     * Runs what is not needed any more when the ring has closed, since its closing has ended what it is about.
     *
     * @param ring whose loop thread
     * @param task what to run
     */
    public static void run(Ring ring, Runnable task) {
        run(ring, task, refusal -> {});
    }

    /**
     * Runs a task, or tells that the ring takes none any more.
     *
     * @param ring whose loop thread
     * @param task what to run
     * @param refused whom to tell, on the caller's thread
     */
    public static void run(Ring ring, Runnable task, Consumer<RejectedExecutionException> refused) {
        if (ring.isLoopThread()) {
            task.run();
            return;
        }
        try {
            ring.execute(task);
        } catch (RejectedExecutionException e) {
            refused.accept(e);
        }
    }
}
