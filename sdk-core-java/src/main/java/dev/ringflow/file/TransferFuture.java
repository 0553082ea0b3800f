package dev.ringflow.file;

import dev.ringflow.RingCallback;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The future of a transfer. It completes on the loop thread, when all files that the transfer used are closed.
 *
 * @param <T> what the transfer delivers
 */
public final class TransferFuture<T> extends CompletableFuture<T> implements RingCallback<T> {
    private final CompletableFuture<@Nullable Void> released = new CompletableFuture<>();
    private volatile @Nullable FileTransfer transfer;

    TransferFuture() {}

    TransferFuture<T> of(FileTransfer started) {
        transfer = started;
        return this;
    }

    @Override
    public boolean completed(T value) {
        boolean taken = complete(value);
        released.complete(null);
        return taken;
    }

    @Override
    public void failed(Throwable cause) {
        completeExceptionally(cause);
        released.complete(null);
    }

    /**
     * Completes this future with {@link java.util.concurrent.CancellationException} at once, as the JDK demands, and lets
     * the transfer end: see {@link FileTransfer#cancel()}.
     *
     * @param mayInterruptIfRunning has no effect
     * @return true if the future is now cancelled
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        FileTransfer started = transfer;
        if (cancelled && started != null) {
            started.cancel();
        }
        return cancelled;
    }

    /**
     * When the transfer has ended and has closed its files: without {@link #cancel} that is when this future completes.
     *
     * @return a future that never fails
     */
    public CompletableFuture<@Nullable Void> released() {
        return released.copy();
    }

    /** Dependent stages are plain futures: only this one knows the transfer. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
