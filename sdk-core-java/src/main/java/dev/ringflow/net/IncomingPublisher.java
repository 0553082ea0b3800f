package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.buffer.ReceivedBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The bytes of a connection for its one subscriber. */
final class IncomingPublisher implements Flow.Publisher<ReceivedBuffer> {
    private final RingSocketReceiving socket;
    private final IncomingOptions options;

    IncomingPublisher(RingSocketReceiving socket, IncomingOptions options) {
        this.socket = socket;
        this.options = options;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ReceivedBuffer> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        Subscription subscription = new Subscription(socket, options, subscriber);
        try {
            socket.ring().execute(subscription::begin);
        } catch (RejectedExecutionException e) {
            subscription.refuse(new RingClosedException("receive from " + socket, e));
        }
    }

    /** The subscriber's demand; everything but the two methods of the interface runs on the loop thread. */
    private static final class Subscription implements Flow.Subscription, GroupReception.Consumer<ReceivedBuffer> {
        private final Ring ring;
        private final Reception reception;
        private final ArrayDeque<ReceivedBuffer> ready = new ArrayDeque<>();
        /** Null when nothing is to be told any more. */
        private Flow.@Nullable Subscriber<? super ReceivedBuffer> subscriber;

        private long demand;
        private boolean delivering;
        private boolean ended;
        private @Nullable Throwable end;

        Subscription(
                RingSocketReceiving socket,
                IncomingOptions options,
                Flow.Subscriber<? super ReceivedBuffer> subscriber) {
            this.ring = socket.ring();
            this.subscriber = subscriber;
            this.reception = new Reception(socket, options, this);
        }

        void begin() {
            Flow.Subscriber<? super ReceivedBuffer> to = Objects.requireNonNull(subscriber);
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
            Flow.Subscriber<? super ReceivedBuffer> to = Objects.requireNonNull(subscriber);
            subscriber = null;
            to.onSubscribe(this);
            to.onError(why);
        }

        @Override
        public void request(long n) {
            if (ring.isLoopThread()) {
                requestOnLoop(n);
            } else {
                onLoop(() -> requestOnLoop(n));
            }
        }

        @Override
        public void cancel() {
            onLoop(this::drop);
        }

        private void onLoop(Runnable task) {
            if (ring.isLoopThread()) {
                task.run();
                return;
            }
            try {
                ring.execute(task);
            } catch (RejectedExecutionException e) {
                // the ring's closing has ended it already
            }
        }

        /** Lets go of everything, the subscriber among it. */
        private void drop() {
            subscriber = null;
            reception.close();
            for (ReceivedBuffer each = ready.poll(); each != null; each = ready.poll()) {
                each.delivered();
            }
        }

        private void requestOnLoop(long n) {
            Flow.Subscriber<? super ReceivedBuffer> to = subscriber;
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
        public void received(ReceivedBuffer buffer) {
            ready.add(buffer);
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

        private void hand(ReceivedBuffer buffer, Flow.Subscriber<? super ReceivedBuffer> to) {
            boolean returned = false;
            try {
                to.onNext(buffer);
                returned = true;
            } finally {
                buffer.delivered();
                if (!returned) {
                    drop();
                }
            }
        }

        private void tellEnd() {
            Flow.Subscriber<? super ReceivedBuffer> to = subscriber;
            if (to == null) {
                return;
            }
            drop();
            if (end == null) {
                to.onComplete();
            } else {
                to.onError(end);
            }
        }
    }
}
