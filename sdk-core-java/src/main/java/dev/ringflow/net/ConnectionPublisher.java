package dev.ringflow.net;

import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A {@link ConnectionStream} for each subscriber. */
final class ConnectionPublisher implements Flow.Publisher<RingSocket> {
    private final RingServerSocket server;

    ConnectionPublisher(RingServerSocket server) {
        this.server = server;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super RingSocket> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        ConnectionSubscription subscription = new ConnectionSubscription(server, subscriber);
        try {
            server.ring().execute(subscription::begin);
        } catch (RejectedExecutionException e) {
            subscription.refuse(new RingClosedException("subscribe to " + server, e));
        }
    }

    /** One subscriber's demand and stream; everything but the two methods of the interface runs on the loop thread. */
    private static final class ConnectionSubscription implements Flow.Subscription, RingCallback<RingSocket> {
        private final RingServerSocket server;
        private final ConnectionStream stream;
        /** Null when nothing is to be told any more. */
        private Flow.@Nullable Subscriber<? super RingSocket> subscriber;

        private long demand;
        private boolean asking;
        private boolean delivering;

        ConnectionSubscription(RingServerSocket server, Flow.Subscriber<? super RingSocket> subscriber) {
            this.server = server;
            this.subscriber = subscriber;
            this.stream = server.connectionStream();
        }

        void begin() {
            stream.whenEnded(this::finish);
            Objects.requireNonNull(subscriber).onSubscribe(this);
        }

        void refuse(Throwable why) {
            Flow.Subscriber<? super RingSocket> to = Objects.requireNonNull(subscriber);
            subscriber = null;
            to.onSubscribe(this);
            to.onError(why);
        }

        @Override
        public void request(long n) {
            onLoop(() -> requestOnLoop(n));
        }

        @Override
        public void cancel() {
            onLoop(() -> {
                subscriber = null;
                stream.close();
            });
        }

        private void onLoop(Runnable task) {
            if (server.ring().isLoopThread()) {
                task.run();
                return;
            }
            try {
                server.ring().execute(task);
            } catch (RejectedExecutionException e) {
                // the ring's closing has ended the stream already
            }
        }

        private void requestOnLoop(long n) {
            if (subscriber == null) {
                return;
            }
            if (n <= 0) {
                finish(new IllegalArgumentException("request needs a positive number, got " + n + " (rule 3.9)"));
                stream.close();
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
                    stream.next(this);
                }
            } finally {
                delivering = false;
            }
        }

        @Override
        public boolean completed(RingSocket socket) {
            asking = false;
            Flow.Subscriber<? super RingSocket> to = subscriber;
            if (to == null) {
                return false;
            }
            demand--;
            try {
                to.onNext(socket);
            } catch (Throwable t) {
                subscriber = null;
                stream.close();
                throw t;
            }
            if (!delivering) {
                askWhileWanted();
            }
            return true;
        }

        @Override
        public void failed(Throwable cause) {
            asking = false;
            finish(cause);
        }

        private void finish(Throwable why) {
            Flow.Subscriber<? super RingSocket> to = subscriber;
            if (to == null) {
                return;
            }
            subscriber = null;
            if (why instanceof ClosedChannelException) {
                to.onComplete();
            } else {
                to.onError(why);
            }
        }
    }
}
