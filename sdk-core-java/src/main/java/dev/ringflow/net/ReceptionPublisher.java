package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.internal.OnLoop;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What comes to a socket, for subscribers, each of which has a reception of its own.
 *
 * @param <T> what comes
 */
abstract class ReceptionPublisher<T> implements Flow.Publisher<T> {
    private final RingSocketState socket;

    ReceptionPublisher(RingSocketState socket) {
        this.socket = socket;
    }

    /** Makes the reception of a subscriber. */
    abstract GroupReception<T> reception(GroupReception.Consumer<T> subscriber);

    /** Whether such an end completes the publisher, and does not fail it. */
    abstract boolean completesAfter(Throwable end);

    @Override
    public final void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        Subscription<T> subscription = new Subscription<>(this, subscriber);
        try {
            socket.ring().execute(subscription::begin);
        } catch (RejectedExecutionException e) {
            subscription.refuse(new RingClosedException("receive from " + socket, e));
        }
    }

    /** The subscriber's demand; everything but the two methods of the interface runs on the loop thread. */
    private static final class Subscription<T> implements Flow.Subscription, GroupReception.Consumer<T> {
        private final ReceptionPublisher<T> publisher;
        private final Ring ring;
        private final GroupReception<T> reception;
        private final ArrayDeque<T> ready = new ArrayDeque<>();
        /** Null when nothing is to be told any more. */
        private Flow.@Nullable Subscriber<? super T> subscriber;

        private long demand;
        private boolean delivering;
        private boolean ended;
        private @Nullable Throwable end;

        Subscription(ReceptionPublisher<T> publisher, Flow.Subscriber<? super T> subscriber) {
            this.publisher = publisher;
            this.ring = publisher.socket.ring();
            this.subscriber = subscriber;
            this.reception = publisher.reception(this);
        }

        void begin() {
            Flow.Subscriber<? super T> to = Objects.requireNonNull(subscriber);
            delivering = true;
            try {
                to.onSubscribe(this);
            } finally {
                delivering = false;
            }
            if (subscriber != null) {
                reception.begin();
                deliver();
            }
        }

        void refuse(Throwable why) {
            Flow.Subscriber<? super T> to = Objects.requireNonNull(subscriber);
            subscriber = null;
            to.onSubscribe(this);
            to.onError(why);
        }

        @Override
        public void request(long n) {
            if (ring.isLoopThread()) {
                requestOnLoop(n);
            } else {
                OnLoop.run(ring, () -> requestOnLoop(n));
            }
        }

        @Override
        public void cancel() {
            OnLoop.run(ring, this::drop);
        }

        /** Lets go of everything, the subscriber among it. */
        private void drop() {
            subscriber = null;
            reception.close();
            for (T each = ready.poll(); each != null; each = ready.poll()) {
                reception.delivered(each);
            }
        }

        private void requestOnLoop(long n) {
            Flow.Subscriber<? super T> to = subscriber;
            if (to == null) {
                return;
            }
            if (n <= 0) {
                drop();
                to.onError(new IllegalArgumentException("request needs a positive number, got " + n + " (rule 3.9)"));
                return;
            }
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            deliver();
        }

        @Override
        public void received(T element) {
            ready.add(element);
            deliver();
        }

        @Override
        public void ended(@Nullable Throwable why) {
            ended = true;
            end = why;
            deliver();
        }

        /** A loop instead of a recursion: {@code onNext} may request more. */
        private void deliver() {
            if (delivering) {
                return;
            }
            delivering = true;
            try {
                while (subscriber != null && demand > 0 && !ready.isEmpty()) {
                    demand--;
                    hand(ready.remove(), subscriber);
                }
            } finally {
                delivering = false;
            }
            if (ended && (ready.isEmpty() || isClosed())) {
                tellEnd();
            }
        }

        private boolean isClosed() {
            return end instanceof ClosedChannelException || end instanceof RingClosedException;
        }

        private void hand(T element, Flow.Subscriber<? super T> to) {
            boolean returned = false;
            try {
                to.onNext(element);
                returned = true;
            } finally {
                reception.delivered(element);
                if (!returned) {
                    drop();
                }
            }
        }

        private void tellEnd() {
            Flow.Subscriber<? super T> to = subscriber;
            if (to == null) {
                return;
            }
            drop();
            Throwable why = end;
            if (why == null || publisher.completesAfter(why)) {
                to.onComplete();
            } else {
                to.onError(why);
            }
        }
    }
}
