package dev.ringflow;

import dev.ringflow.spi.Operation;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The future of an operation on a ring. It completes on the loop thread: dependent stages without an executor run
 * there and should be short.
 *
 * <p><b>Memory.</b> {@link #cancel} completes the future at once, as the JDK demands, but cancelling is only a request
 * to the kernel. Until {@link #released()} completes, the kernel may still read or fill the buffer: do not use it
 * before. The same holds after completing the future by hand or by {@link #orTimeout}, which does not even ask the
 * kernel to stop.
 *
 * @param <T> what the operation delivers
 */
public final class RingFuture<T extends @Nullable Object> extends CompletableFuture<T> implements RingCallback<T> {
    private @Nullable Ring ring;
    private @Nullable Operation operation;
    private int activation;
    private volatile @Nullable CompletableFuture<Void> released;
    private volatile boolean letGo;

    /** Makes a future that nothing completes yet; the {@code …Async} methods are the usual way to one. */
    public RingFuture() {}

    @Override
    public void submitted(Ring owner, Operation submitted, int itsActivation) {
        activation = itsActivation;
        operation = submitted;
        ring = owner;
    }

    @Override
    public boolean completed(T value) {
        boolean taken = complete(value);
        letGo();
        return taken;
    }

    @Override
    public void failed(Throwable cause) {
        Operation submitted = operation;
        boolean keptByKernel = submitted != null && submitted.isLeftInKernel();
        completeExceptionally(cause);
        if (!keptByKernel) {
            letGo();
        }
    }

    /**
     * Asks the kernel to cancel, and completes this future with {@link java.util.concurrent.CancellationException}.
     * A file or connection that is opened in the race is closed again.
     *
     * @param mayInterruptIfRunning has no effect
     * @return true if the future is now cancelled
     */
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

    /**
     * When the kernel has let go of the operation's memory. For an operation that ran to its end that is when this
     * future completes. If the ring had to give up waiting for the kernel, see {@link RingOptions#closeTimeout()}, that
     * is never: the memory must not be used again.
     *
     * @return a future that completes on the loop thread, and never fails
     */
    public CompletableFuture<Void> released() {
        CompletableFuture<Void> existing = released;
        if (existing == null) {
            synchronized (this) {
                existing = released;
                if (existing == null) {
                    existing = new CompletableFuture<>();
                    released = existing;
                }
            }
        }
        if (letGo) {
            existing.complete(null);
        }
        return existing;
    }

    private void letGo() {
        letGo = true;
        operation = null;
        CompletableFuture<Void> waiting = released;
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    /** Dependent stages are plain futures: only this one knows the operation. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
