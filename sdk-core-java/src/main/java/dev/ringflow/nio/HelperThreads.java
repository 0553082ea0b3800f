package dev.ringflow.nio;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A few daemon threads for blocking calls, started when they are needed and gone after some idle seconds. */
final class HelperThreads {
    private static final int MOST = 16;
    private static final int IDLE_SECONDS = 10;
    private static final int CLOSE_MILLIS = 1000;

    private final ThreadPoolExecutor threads;

    HelperThreads(String name) {
        int count = Math.max(2, Math.min(MOST, 2 * Runtime.getRuntime().availableProcessors()));
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + " helper-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    void run(FileJob job) {
        threads.execute(job);
    }

    /**
     * Lets the threads go. They are never interrupted, since that would close the channel that they are working on.
     *
     * @param idle whether nothing is left to do, so that their end can be waited for
     */
    void close(boolean idle) {
        threads.shutdown();
        if (!idle) {
            return;
        }
        try {
            boolean gone = threads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            assert gone : "idle threads did not end";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
