package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.spi.Operation;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The future of a call on a channel view. Cancelling it asks the kernel to cancel, and leaves the channel open. */
final class ChannelFuture<T> extends CompletableFuture<T> implements RingCallback<T> {
    private @Nullable Ring ring;
    private @Nullable Operation operation;
    private int activation;

    @Override
    public void submitted(Ring owner, Operation submitted, int itsActivation) {
        activation = itsActivation;
        operation = submitted;
        ring = owner;
    }

    @Override
    public boolean completed(T value) {
        return complete(value);
    }

    @Override
    public void failed(Throwable cause) {
        completeExceptionally(ChannelFailures.of(cause));
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        Operation submitted = operation;
        Ring owner = ring;
        if (cancelled && submitted != null && owner != null) {
            owner.cancel(submitted, activation);
        }
        return cancelled;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
