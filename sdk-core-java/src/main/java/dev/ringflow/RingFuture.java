package dev.ringflow;

import dev.ringflow.spi.Operation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
 * <p>A send without copying (see {@link dev.ringflow.net.RingSocket#zeroCopyThreshold(int)}) completes when the bytes
 * are on their way, and {@link #released()} when the memory is free again, which may be much later.
 *
 * @param <T> what the operation delivers
 */
public final class RingFuture<T extends @Nullable Object> extends CompletableFuture<T> implements RingCallback<T> {
    private static final VarHandle LINK;
    private static final Object LET_GO = new Object();

    static {
        try {
            LINK = MethodHandles.lookup().findVarHandle(RingFuture.class, "link", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * One field for all that there is to know of the kernel, because there is one future for each operation: null before
     * anything is submitted, the operation while the kernel has it, {@link #LET_GO} after that, and a {@link Release} in
     * place of any of these once somebody has asked for it.
     */
    private volatile @Nullable Object link;

    private int activation;

    /** What {@link #released()} gives out, and the operation until it completes. */
    private static final class Release extends CompletableFuture<Void> {
        private volatile @Nullable Operation operation;

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>();
        }
    }

    /** Makes a future that nothing completes yet; the {@code …Async} methods are the usual way to one. */
    public RingFuture() {}

    @Override
    public void submitted(Ring owner, Operation submitted, int itsActivation) {
        activation = itsActivation;
        Object now = link;
        if (now == null && LINK.compareAndSet(this, null, submitted)) {
            return;
        }
        submittedNext(submitted);
    }

    /** The first operation of a future that was asked for its release before, or a later one of several steps. */
    private void submittedNext(Operation submitted) {
        while (true) {
            Object now = link;
            if (now instanceof Release release) {
                release.operation = submitted;
                return;
            }
            if (now == LET_GO || LINK.compareAndSet(this, now, submitted)) {
                return;
            }
        }
    }

    private @Nullable Operation operation() {
        Object now = link;
        if (now instanceof Operation submitted) {
            return submitted;
        }
        return now instanceof Release release ? release.operation : null;
    }

    /** Completes the future; {@link #released()} waits for the memory. */
    @Override
    public void sent(T value) {
        complete(value);
    }

    @Override
    public boolean completed(T value) {
        boolean taken = complete(value);
        letGo();
        return taken;
    }

    @Override
    public void failed(Throwable cause) {
        Operation submitted = operation();
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
        Operation submitted = operation();
        if (cancelled && submitted != null) {
            submitted.ring().cancel(submitted, activation);
        }
        return cancelled;
    }

    /**
     * When the kernel has let go of the operation's memory. For an operation that ran to its end that is when this
     * future completes, unless it is a send without copying. If the ring had to give up waiting for the kernel, see {@link RingOptions#closeTimeout()}, that
     * is never: the memory must not be used again.
     *
     * @return a future that completes on the loop thread, and never fails
     */
    public CompletableFuture<Void> released() {
        while (true) {
            Object now = link;
            if (now instanceof Release release) {
                return release;
            }
            Release release = new Release();
            if (now == LET_GO) {
                release.complete(null);
            } else {
                release.operation = (Operation) now;
            }
            if (LINK.compareAndSet(this, now, release)) {
                return release;
            }
        }
    }

    private void letGo() {
        while (true) {
            Object now = link;
            if (now instanceof Release release) {
                release.operation = null;
                release.complete(null);
                return;
            }
            if (LINK.compareAndSet(this, now, LET_GO)) {
                return;
            }
        }
    }

    /** Dependent stages are plain futures: only this one knows the operation. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
