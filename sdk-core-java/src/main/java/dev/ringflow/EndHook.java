package dev.ringflow;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One thing to do when a loop has ended, whoever comes first. Any thread. */
final class EndHook {
    private static final Runnable OVER = () -> {};

    private final AtomicReference<@Nullable Runnable> hook = new AtomicReference<>();

    /** Sets what is to be done; does it at once if the end is over. */
    void set(Runnable task) {
        if (!hook.compareAndSet(null, task)) {
            task.run();
        }
    }

    /** The end: loop thread. */
    void run() {
        Runnable task = hook.getAndSet(OVER);
        if (task != null) {
            task.run();
        }
    }
}
