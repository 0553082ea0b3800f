package dev.ringflow.internal;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Closes a handle the first time it is asked to, and lets everybody who asks wait for that. Any thread. */
public final class CloseOnce implements RingCallback<@Nullable Void> {
    private static final VarHandle BEGUN;

    static {
        try {
            BEGUN = MethodHandles.lookup().findVarHandle(CloseOnce.class, "begun", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Ring ring;
    private final Handle handle;
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    @SuppressWarnings("unused") // by BEGUN
    private volatile boolean begun;

    /**
     * Serves one handle.
     *
     * @param ring its ring
     * @param handle an open handle
     */
    public CloseOnce(Ring ring, Handle handle) {
        this.ring = ring;
        this.handle = handle;
    }

    /**
     * Whether closing has neither been asked for nor begun by the ring.
     *
     * @return true while operations are taken
     */
    public boolean isOpen() {
        return !begun && handle.isOpen();
    }

    /**
     * Begins to close, if that has not begun.
     *
     * @return a future of its own for each caller; completes on the loop thread
     */
    public CompletableFuture<@Nullable Void> begin() {
        if (BEGUN.compareAndSet(this, false, true)) {
            Answer.DONE.start(ring.operation().opCode(OpCode.CLOSE).handle(handle), this);
        }
        return closed.copy();
    }

    /**
     * When what {@link #begin} began is done. Begins nothing.
     *
     * @return a future of its own for each caller; completes on the loop thread
     */
    public CompletableFuture<@Nullable Void> whenClosed() {
        return closed.copy();
    }

    /** Begins to close, and waits for it except on the loop thread. */
    public void close() {
        CompletableFuture<@Nullable Void> done = begin();
        if (!ring.isLoopThread()) {
            done.exceptionally(failure -> null).join();
        }
    }

    @Override
    public boolean completed(@Nullable Void nothing) {
        closed.complete(null);
        return true;
    }

    @Override
    public void failed(Throwable cause) {
        if (cause instanceof RingClosedException) {
            closed.complete(null); // the ring closed the handle with itself
        } else {
            closed.completeExceptionally(cause);
        }
    }
}
