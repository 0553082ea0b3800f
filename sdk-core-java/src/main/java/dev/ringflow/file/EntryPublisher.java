package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.internal.OnLoop;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** An {@link EntryStream} for each subscriber. */
final class EntryPublisher implements Flow.Publisher<Path> {
    private final Ring ring;
    private final Supplier<EntryStream> streams;

    EntryPublisher(Ring ring, Supplier<EntryStream> streams) {
        this.ring = ring;
        this.streams = streams;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Path> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        EntrySubscription subscription = new EntrySubscription(ring, streams.get(), subscriber);
        try {
            ring.execute(subscription::begin);
        } catch (RejectedExecutionException ringIsClosed) {
            subscription.begin(); // tells why there is nothing to come
        }
    }

    /** One subscriber's demand and stream; everything but the two methods of the interface runs on the loop thread. */
    private static final class EntrySubscription implements Flow.Subscription, RingCallback<List<Path>> {
        private final Ring ring;
        private final EntryStream stream;
        private final Flow.Subscriber<? super Path> subscriber;
        private long demand;
        private boolean asking;
        private boolean delivering;
        private boolean done;

        EntrySubscription(Ring ring, EntryStream stream, Flow.Subscriber<? super Path> subscriber) {
            this.ring = ring;
            this.stream = stream;
            this.subscriber = subscriber;
        }

        void begin() {
            RingClosedException closed = null;
            try {
                stream.whenRingCloses(this::failed);
            } catch (RingClosedException e) {
                closed = e;
            }
            subscriber.onSubscribe(this);
            if (closed != null) {
                failed(closed);
            }
        }

        @Override
        public void request(long n) {
            OnLoop.run(ring, () -> requestOnLoop(n));
        }

        @Override
        public void cancel() {
            OnLoop.run(ring, () -> {
                done = true;
                stream.close();
            });
        }

        private void requestOnLoop(long n) {
            if (done) {
                return;
            }
            if (n <= 0) {
                failed(new IllegalArgumentException("request needs a positive number, got " + n + " (rule 3.9)"));
                return;
            }
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            askIfWanted();
        }

        private void askIfWanted() {
            if (!asking && !delivering && demand > 0 && !done) {
                asking = true;
                stream.next(demand, this);
            }
        }

        @Override
        public boolean completed(List<Path> entries) {
            asking = false;
            if (done) {
                return false;
            } else if (entries.isEmpty()) {
                done = true;
                stream.close();
                subscriber.onComplete();
                return true;
            }
            delivering = true;
            try {
                for (Path each : entries) {
                    if (!done) {
                        demand--;
                        subscriber.onNext(each);
                    }
                }
            } catch (Throwable t) {
                done = true;
                stream.close();
                throw t;
            } finally {
                delivering = false;
            }
            askIfWanted();
            return true;
        }

        @Override
        public void failed(Throwable cause) {
            asking = false;
            if (!done) {
                done = true;
                stream.close();
                subscriber.onError(cause);
            }
        }
    }
}
