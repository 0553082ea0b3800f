package dev.ringflow.tck;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs what blocks, each in a thread of its own. The common pool has one thread on a machine with two processors, and there
 * a reader would wait for ever for a writer that waits for the reader's thread.
 */
final class OwnThread {
    private OwnThread() {}

    static CompletableFuture<@Nullable Void> run(Runnable task) {
        return CompletableFuture.<@Nullable Void>supplyAsync(
                () -> {
                    task.run();
                    return null;
                },
                OwnThread::start);
    }

    static <T extends @Nullable Object> CompletableFuture<T> supply(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, OwnThread::start);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "test");
        thread.setDaemon(true);
        thread.start();
    }
}
