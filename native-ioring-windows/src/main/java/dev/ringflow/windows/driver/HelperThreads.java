package dev.ringflow.windows.driver;

import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few daemon threads for blocking calls, started when they are needed and gone after some idle seconds; their jobs are
 * taken back by the loop thread.
 */
final class HelperThreads {
    private static final int MOST = 16;
    private static final int IDLE_SECONDS = 10;
    private static final int CLOSE_MILLIS = 1000;

    private final DriverCore core;
    private final ThreadPoolExecutor threads;
    private final Queue<HelperJob> finished = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    HelperThreads(DriverCore core, String name) {
        this.core = core;
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

    /** Loop thread: runs a job, which is the operation's {@code driverState} meanwhile. */
    void run(HelperJob job) {
        job.operation().driverState(job);
        job.runBy(this);
        threads.execute(job);
    }

    /** Loop thread: runs a job as {@link #run} does, when something has come about, on the thread that tells so. */
    void runAfter(CompletionStage<?> event, HelperJob job) {
        job.operation().driverState(job);
        job.runBy(this);
        event.whenComplete((value, failure) -> job.run());
    }

    /** Loop thread: for {@link Preparation#cancel}. */
    void cancel(HelperJob job) {
        if (job.cancel()) {
            threads.remove(job);
            core.completions().cancelled(job.operation());
        }
    }

    /** Helper thread: what finishes after the end is of no use to anybody, and must not stay open. */
    void finished(HelperJob job) {
        finished.add(job);
        if (closed) {
            dropFinished();
        } else {
            core.port().wake();
        }
    }

    /** Loop thread: turns what the helper threads have done into completions. */
    void takeFinished() {
        for (HelperJob job = finished.poll(); job != null; job = finished.poll()) {
            Throwable failure = job.failure();
            if (failure != null) {
                core.completions().failed(job.operation(), WindowsFailures.of(job.operation(), failure));
            } else {
                job.tell(core.completions());
            }
        }
    }

    /**
     * Lets the threads go. They are never interrupted, since that would end the call that they are in.
     *
     * @param idle whether nothing is left to do, so that their end can be waited for
     */
    void close(boolean idle) {
        closed = true;
        threads.shutdown();
        if (idle) {
            try {
                threads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        dropFinished();
    }

    private void dropFinished() {
        for (HelperJob job = finished.poll(); job != null; job = finished.poll()) {
            job.drop();
        }
    }
}
