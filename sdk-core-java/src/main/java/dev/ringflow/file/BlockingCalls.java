package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What no kernel has a ring form of, and only the JDK can do: on a few daemon threads, the same ones for all rings, which
 * are started when they are needed and gone after some idle seconds.
 */
final class BlockingCalls {
    private static final int MOST = 4;
    private static final int IDLE_SECONDS = 5;
    private static final Executor THREADS = threads();

    private BlockingCalls() {}

    /** A call that may wait. */
    interface Call<T extends @Nullable Object> {
        T run() throws IOException;
    }

    private static Executor threads() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MOST, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "ringflow listing-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Runs a call, and tells what came of it on the loop thread; on the helper thread if the ring is closed by then. */
    static <T extends @Nullable Object> void start(Ring ring, Call<T> call, RingCallback<T> callback) {
        THREADS.execute(() -> {
            Runnable told = outcome(call, callback);
            try {
                ring.execute(told);
            } catch (RejectedExecutionException e) {
                callback.failed(new RingClosedException("A listing on " + ring, e));
            }
        });
    }

    private static <T extends @Nullable Object> Runnable outcome(Call<T> call, RingCallback<T> callback) {
        try {
            T value = call.run();
            return () -> callback.completed(value);
        } catch (UncheckedIOException e) {
            IOException cause = Objects.requireNonNull(e.getCause());
            return () -> callback.failed(cause);
        } catch (IOException | RuntimeException e) {
            return () -> callback.failed(e);
        }
    }
}
