package dev.ringflow.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records what a publisher signals, and when.
 *
 * @param <T> what is published
 */
final class TicksSubscriber<T> implements Flow.Subscriber<T> {
    /** An element and the time when it came. */
    record Signal<T>(T element, long nanoTime) {}

    private final long firstDemand;
    private final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
    private final LinkedBlockingQueue<Signal<T>> signals = new LinkedBlockingQueue<>();
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

    /** Asks for so many at once, or for none. */
    TicksSubscriber(long firstDemand) {
        this.firstDemand = firstDemand;
    }

    static <T> TicksSubscriber<T> to(Flow.Publisher<T> publisher, long firstDemand) {
        TicksSubscriber<T> subscriber = new TicksSubscriber<>(firstDemand);
        publisher.subscribe(subscriber);
        return subscriber;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        if (firstDemand > 0) {
            subscription.request(firstDemand);
        }
        subscribed.complete(subscription);
    }

    @Override
    public void onNext(T element) {
        signals.add(new Signal<>(element, System.nanoTime()));
    }

    @Override
    public void onError(Throwable failure) {
        end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }

    Flow.Subscription subscription() {
        return DriverContract.await(subscribed);
    }

    void request(long n) {
        subscription().request(n);
    }

    /** The next element, waited for. */
    Signal<T> next() {
        try {
            return Objects.requireNonNull(
                    signals.poll(DriverContract.PATIENCE_SECONDS, TimeUnit.SECONDS), "nothing came in time");
        } catch (InterruptedException e) {
            throw new AssertionError("The test ran out of time", e);
        }
    }

    List<Signal<T>> next(int count) {
        List<Signal<T>> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(next());
        }
        return list;
    }

    /** How many elements nobody has taken yet. */
    int waiting() {
        return signals.size();
    }

    /** How it ended. */
    CompletableFuture<@Nullable Void> end() {
        return end;
    }
}
