package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Tells a completion handler the outcome of one call, on the thread that it belongs to. */
final class HandlerCall<T, A extends @Nullable Object> implements RingCallback<T>, Runnable {
    private final Ring ring;
    private final @Nullable Executor executor;
    private final CompletionHandler<T, ? super A> handler;
    private final A attachment;
    private @Nullable T value;
    private @Nullable Throwable failure;

    /** With no executor the handler is told on the loop thread of the ring. */
    HandlerCall(Ring ring, @Nullable Executor executor, CompletionHandler<T, ? super A> handler, A attachment) {
        this.ring = ring;
        this.executor = executor;
        this.handler = handler;
        this.attachment = attachment;
    }

    @Override
    public boolean completed(T outcome) {
        value = outcome;
        hand();
        return true;
    }

    @Override
    public void failed(Throwable cause) {
        failure = ChannelFailures.of(cause);
        hand();
    }

    private void hand() {
        if (executor != null) {
            executor.execute(this);
        } else if (ring.isLoopThread()) {
            run();
        } else {
            handToLoop();
        }
    }

    private void handToLoop() {
        try {
            ring.execute(this);
        } catch (RejectedExecutionException closed) {
            ForkJoinPool.commonPool().execute(this); // the loop thread is gone, and the caller's own must not run it
        }
    }

    @Override
    public void run() {
        T outcome = value;
        if (outcome != null) {
            handler.completed(outcome, attachment);
        } else if (failure != null) {
            handler.failed(failure, attachment);
        }
    }
}
