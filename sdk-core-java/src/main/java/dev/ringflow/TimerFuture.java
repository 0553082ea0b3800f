package dev.ringflow;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A timer as a future: cancelling it calls the timer off. */
final class TimerFuture extends CompletableFuture<@Nullable Void> implements RingTask {
    private volatile @Nullable RingTimer timer;

    void begin(Ring ring, long delayNanos) {
        timer = ring.scheduleNanos(delayNanos, this);
        if (isCancelled()) {
            callOff();
        }
    }

    @Override
    public void run() {
        complete(null);
    }

    @Override
    public void abandoned(RingClosedException why) {
        completeExceptionally(why);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            callOff();
        }
        return cancelled;
    }

    private void callOff() {
        RingTimer running = timer;
        if (running != null) {
            running.cancel();
        }
    }

    /** Dependent stages are plain futures: only this one knows the timer. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
