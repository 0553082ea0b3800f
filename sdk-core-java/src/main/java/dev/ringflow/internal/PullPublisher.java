package dev.ringflow.internal;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.event.PullStream;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PullStream} of his own for each subscriber, by the rules of Reactive Streams. Signals come on the loop
 * thread.
 *
 * @param <T> what is published
 */
public final class PullPublisher<T> implements Flow.Publisher<T> {
    private final Ring ring;
    private final String what;
    private final Function<Consumer<Throwable>, ? extends PullStream<T>> streams;

    /**
     * Publishes streams.
     *
     * @param ring their ring
     * @param what the publisher in words, for messages
     * @param streams makes a stream for a subscriber; on the loop thread
     */
    public PullPublisher(Ring ring, String what, Supplier<? extends PullStream<T>> streams) {
        this(ring, what, whenEnded -> streams.get());
    }

    /**
     * Publishes streams that tell of their end though nobody waits.
     *
     * @param ring their ring
     * @param what the publisher in words, for messages
     * @param streams makes a stream for a subscriber, which tells whom it is given; on the loop thread
     */
    public PullPublisher(Ring ring, String what, Function<Consumer<Throwable>, ? extends PullStream<T>> streams) {
        this.ring = ring;
        this.what = what;
        this.streams = streams;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        Demand<T> demand = new Demand<>(this, subscriber);
        try {
            ring.execute(demand::begin); // and not a task that knows the subscriber for longer than the demand does
        } catch (RejectedExecutionException e) {
            refuse(subscriber, new RingClosedException("subscribe to " + what, e));
        }
    }

    private static void refuse(Flow.Subscriber<?> subscriber, Throwable why) {
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {}
        });
        subscriber.onError(why);
    }

    @Override
    public String toString() {
        return what;
    }

    /** One subscriber and what he asked for; all but the two methods of the interface runs on the loop thread. */
    private static final class Demand<T> implements Flow.Subscription, RingCallback<T> {
        private final PullPublisher<T> publisher;
        private @Nullable PullStream<T> stream;
        private Flow.@Nullable Subscriber<? super T> subscriber;
        private long demand;
        private boolean asking;
        private boolean delivering;

        Demand(PullPublisher<T> publisher, Flow.Subscriber<? super T> subscriber) {
            this.publisher = publisher;
            this.subscriber = subscriber;
        }

        void begin() {
            Flow.Subscriber<? super T> begun = Objects.requireNonNull(subscriber);
            stream = publisher.streams.apply(this::ended);
            try {
                begun.onSubscribe(this);
            } catch (Throwable t) {
                end();
                throw t;
            }
        }

        private PullStream<T> stream() {
            return Objects.requireNonNull(stream);
        }

        @Override
        public void request(long n) {
            OnLoop.run(publisher.ring, () -> requestOnLoop(n));
        }

        @Override
        public void cancel() {
            OnLoop.run(publisher.ring, this::end);
        }

        /** Forgets the subscriber: nothing is told from here on. */
        private Flow.@Nullable Subscriber<? super T> end() {
            Flow.Subscriber<? super T> told = subscriber;
            if (told != null) {
                subscriber = null;
                stream().close();
            }
            return told;
        }

        private void requestOnLoop(long n) {
            if (subscriber == null) {
                return;
            }
            if (n <= 0) {
                fail(new IllegalArgumentException("request needs a positive number, got " + n + " (rule 3.9)"));
                return;
            }
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            if (!delivering) {
                askWhileWanted();
            }
        }

        /** A loop instead of a recursion: {@code next} may answer before it returns. */
        private void askWhileWanted() {
            delivering = true;
            try {
                while (!asking && demand > 0 && subscriber != null) {
                    asking = true;
                    stream().next(this);
                }
            } finally {
                delivering = false;
            }
        }

        @Override
        public boolean completed(T element) {
            asking = false;
            Flow.Subscriber<? super T> told = subscriber;
            if (told == null) {
                return false;
            }
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            boolean outermost = !delivering;
            delivering = true;
            try {
                told.onNext(element);
            } catch (Throwable t) {
                end();
                throw t;
            } finally {
                if (outermost) {
                    delivering = false;
                }
            }
            if (outermost) {
                askWhileWanted();
            }
            return true;
        }

        @Override
        public void failed(Throwable cause) {
            asking = false;
            ended(cause);
        }

        private void ended(Throwable why) {
            if (subscriber != null) {
                fail(why);
            }
        }

        private void fail(Throwable why) {
            Flow.Subscriber<? super T> told = Objects.requireNonNull(end());
            if (why instanceof ClosedChannelException) {
                told.onComplete();
            } else {
                told.onError(why);
            }
        }
    }
}
