package dev.ringflow.internal.transfer;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A few threads of one transfer, for what is too slow for the loop. Started when needed, gone with the transfer. */
final class Workers {
    private static final int MOST = 8;
    private static final int IDLE_SECONDS = 5;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final ThreadPoolExecutor threads;

    Workers() {
        int count = Math.min(MOST, Math.max(2, Runtime.getRuntime().availableProcessors()));
        int transfer = NUMBER.incrementAndGet();
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread =
                            new Thread(task, "ringflow transfer-" + transfer + " worker-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Any thread, until {@link #end}. */
    void execute(Runnable task) {
        threads.execute(task);
    }

    /** What was handed in is still done. */
    void end() {
        threads.shutdown();
    }
}
