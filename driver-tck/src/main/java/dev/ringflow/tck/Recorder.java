package dev.ringflow.tck;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.spi.Operation;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A callback that counts how often it was told, and knows the operation that it waits for.
 *
 * @param <T> what is delivered
 */
class Recorder<T> implements RingCallback<T> {
    private final AtomicInteger told = new AtomicInteger();
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private volatile @Nullable Operation operation;
    private volatile int activation;

    @Override
    public void submitted(Ring ring, Operation submitted, int itsActivation) {
        activation = itsActivation;
        operation = submitted;
    }

    @Override
    public boolean completed(T value) {
        told.incrementAndGet();
        return outcome.complete(value);
    }

    @Override
    public void failed(Throwable cause) {
        told.incrementAndGet();
        outcome.completeExceptionally(cause);
    }

    /** Ends when the kernel has let go. */
    CompletableFuture<T> outcome() {
        return outcome;
    }

    int told() {
        return told.get();
    }

    Operation operation() {
        return Objects.requireNonNull(operation);
    }

    int activation() {
        return activation;
    }

    void cancel(Ring ring) {
        ring.cancel(operation(), activation);
    }
}
