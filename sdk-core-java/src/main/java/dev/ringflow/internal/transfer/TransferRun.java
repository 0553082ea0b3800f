package dev.ringflow.internal.transfer;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.file.TransferOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One transfer from its start to its end. All of its state belongs to the loop thread; what is slow runs on worker
 * threads, and what comes of it is brought back to the loop.
 *
 * @param <T> what it delivers
 */
public abstract class TransferRun<T> {
    private final Ring ring;
    private final TransferOptions options;
    private final RingCallback<T> callback;
    private final AtomicBoolean told = new AtomicBoolean();
    private final Workers workers = new Workers();
    private final ChunkMeter meter;
    private @Nullable Throwable failure;
    private boolean irrevocable;

    TransferRun(Ring ring, TransferOptions options, RingCallback<T> callback) {
        this.ring = ring;
        this.options = options;
        this.callback = callback;
        this.meter = new ChunkMeter(options.listener());
    }

    /** Begins. Any thread. */
    public final void start() {
        onLoop(this::begin);
    }

    /** Asks it to end. Any thread. */
    public final void cancel() {
        try {
            ring.execute(() -> fail(new CancellationException(this + " was cancelled")));
        } catch (RejectedExecutionException ringClosed) {
            // it has ended, or is told so by whoever notices next
        }
    }

    /** All of the work, as one future that completes on the loop thread. */
    abstract CompletableFuture<T> work();

    /** Makes what is in flight end soon: closes what it is on. May be called more than once, and before there is any. */
    abstract void interrupt();

    /** Lets go of everything that the work has opened; never fails. */
    abstract CompletableFuture<@Nullable Void> release(@Nullable Throwable reason);

    /** Lets go of what a closed ring does not close. Any thread. */
    void abandon() {}

    private void begin() {
        CompletableFuture<T> work;
        try {
            work = work();
        } catch (Throwable t) {
            work = CompletableFuture.failedFuture(t);
        }
        work.whenComplete((value, thrown) -> {
            if (thrown != null) {
                irrevocable = false;
                fail(cause(thrown));
            }
            Throwable reason = thrown == null ? null : failure;
            released(reason).whenComplete((nothing, ignored) -> tell(value, reason));
        });
    }

    private CompletableFuture<@Nullable Void> released(@Nullable Throwable reason) {
        try {
            return release(reason);
        } catch (RuntimeException ringClosed) {
            abandon();
            return done();
        }
    }

    private void tell(T value, @Nullable Throwable reason) {
        workers.end();
        if (!told.compareAndSet(false, true)) {
            return;
        }
        if (reason == null) {
            callback.completed(value);
        } else {
            callback.failed(reason);
        }
    }

    final Ring ring() {
        return ring;
    }

    final TransferOptions options() {
        return options;
    }

    final ChunkMeter meter() {
        return meter;
    }

    final boolean hasFailed() {
        return failure != null;
    }

    final @Nullable Throwable failure() {
        return failure;
    }

    /** The first failure counts; what comes after it is its consequence. */
    final void fail(Throwable reason) {
        if (failure == null && !irrevocable) {
            failure = reason;
            try {
                interrupt();
            } catch (RingClosedException e) {
                // then everything of the ring is closed already
            }
        }
    }

    /** From here on it cannot be undone, so it will not fail any more either. */
    final void irrevocable() {
        throwIfFailed();
        irrevocable = true;
    }

    final void throwIfFailed() {
        if (failure != null) {
            throw new CompletionException(failure);
        }
    }

    /** One step after another, unless the transfer has failed meanwhile. */
    final <A extends @Nullable Object, B extends @Nullable Object> CompletableFuture<B> then(
            CompletableFuture<A> before, Function<A, CompletableFuture<B>> step) {
        return before.thenCompose(value -> {
            throwIfFailed();
            return step.apply(value);
        });
    }

    /** Something slow, on a worker thread; the future completes on the loop thread. */
    final <V extends @Nullable Object> CompletableFuture<V> slowly(Callable<V> call) {
        CompletableFuture<V> future = new CompletableFuture<>();
        workers.execute(() -> {
            try {
                V value = call.call();
                onLoop(() -> future.complete(value));
            } catch (Throwable t) {
                onLoop(() -> future.completeExceptionally(t));
            }
        });
        return future;
    }

    /** Something slow that brings itself back by {@link #onLoop}. */
    final void offLoop(Runnable task) {
        workers.execute(task);
    }

    /** Any thread. If the ring has closed there is no loop to go on: that is the end of the transfer. */
    final void onLoop(Runnable task) {
        try {
            ring.execute(task);
        } catch (RejectedExecutionException e) {
            if (told.compareAndSet(false, true)) {
                workers.end();
                abandon();
                callback.failed(new RingClosedException(this + " ended: the ring is closed", e));
            }
        }
    }

    static Throwable cause(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof CompletionException && cause != null ? cause(cause) : thrown;
    }

    static CompletableFuture<@Nullable Void> done() {
        return CompletableFuture.completedFuture(null);
    }
}
