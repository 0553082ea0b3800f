package dev.ringflow;

import dev.ringflow.event.PullStream;
import dev.ringflow.internal.PullPublisher;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * The credits of a publisher: however several threads ask for more, as much comes as was asked for and never more.
 * Under stress, since the loop is a thread of its own.
 */
final class DemandLincheckTest {
    private static final ScriptedRing SCRIPTED = ScriptedRing.open(operation -> 0);

    @Test
    void asMuchComesAsWasAskedFor() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(300)
                .threads(3)
                .actorsBefore(0)
                .actorsPerThread(3)
                .actorsAfter(0)
                .check(Requests.class);
    }

    /** Elements without end; every second one only in a later turn of the loop. */
    private record Numbers(Ring ring, AtomicInteger given) implements PullStream<Integer> {
        @Override
        public void next(RingCallback<Integer> callback) {
            int number = given.incrementAndGet();
            if (number % 2 == 0) {
                callback.completed(number);
            } else {
                ring.execute(() -> callback.completed(number));
            }
        }

        @Override
        public void close() {}
    }

    /** One subscription that everybody uses. */
    public static final class Requests implements Flow.Subscriber<Integer> {
        private final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        private final AtomicInteger requested = new AtomicInteger();
        private final AtomicInteger came = new AtomicInteger();
        private volatile boolean tooMuch;

        /** Subscribes. */
        public Requests() {
            Ring ring = SCRIPTED.ring();
            new PullPublisher<>(ring, "numbers", () -> new Numbers(ring, new AtomicInteger())).subscribe(this);
        }

        @Operation
        public void requestOne() {
            request(1);
        }

        @Operation
        public void requestThree() {
            request(3);
        }

        private void request(int elements) {
            requested.addAndGet(elements);
            subscribed.join().request(elements);
        }

        @Validate
        public void asMuchCameAsWasAskedFor() {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (came.get() < requested.get() && System.nanoTime() - deadline < 0) {
                Thread.onSpinWait();
            }
            CompletableFuture.runAsync(() -> {}, SCRIPTED.ring()).join();
            if (tooMuch || came.get() != requested.get()) {
                throw new IllegalStateException(came + " came of " + requested);
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscribed.complete(subscription);
        }

        @Override
        public void onNext(Integer element) {
            tooMuch |= came.incrementAndGet() > requested.get();
        }

        @Override
        public void onError(Throwable failure) {
            tooMuch = true;
        }

        @Override
        public void onComplete() {
            tooMuch = true;
        }
    }
}
