package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The datagrams of a socket; each subscriber has a reception of its own. */
final class DatagramPublisher implements Flow.Publisher<ReceivedDatagram> {
    private final RingDatagramReceiving socket;
    private final IncomingOptions options;

    DatagramPublisher(RingDatagramReceiving socket, IncomingOptions options) {
        this.socket = socket;
        this.options = options;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ReceivedDatagram> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        Subscription subscription = new Subscription(socket, options, subscriber);
        try {
            socket.ring().execute(subscription::begin);
        } catch (RejectedExecutionException e) {
            subscription.refuse(new RingClosedException("receive from " + socket, e));
        }
    }

    /** The subscriber's demand; everything but the two methods of the interface runs on the loop thread. */
    private static final class Subscription implements Flow.Subscription, GroupReception.Consumer<ReceivedDatagram> {
        private final Ring ring;
        private final DatagramReception reception;
        private final ArrayDeque<ReceivedDatagram> ready = new ArrayDeque<>();
        /** Null when nothing is to be told any more. */
        private Flow.@Nullable Subscriber<? super ReceivedDatagram> subscriber;

        private long demand;
        private boolean delivering;
        private @Nullable Throwable end;

        Subscription(
                RingDatagramReceiving socket,
                IncomingOptions options,
                Flow.Subscriber<? super ReceivedDatagram> subscriber) {
            this.ring = socket.ring();
            this.subscriber = subscriber;
            this.reception = new DatagramReception(socket, options, this);
        }

        void begin() {
            Flow.Subscriber<? super ReceivedDatagram> to = Objects.requireNonNull(subscriber);
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
            Flow.Subscriber<? super ReceivedDatagram> to = Objects.requireNonNull(subscriber);
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
            for (ReceivedDatagram each = ready.poll(); each != null; each = ready.poll()) {
                each.buffer().delivered();
            }
        }

        private void requestOnLoop(long n) {
            Flow.Subscriber<? super ReceivedDatagram> to = subscriber;
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
        public void received(ReceivedDatagram datagram) {
            ready.add(datagram);
            deliver();
        }

        @Override
        public void unreachable(IOException why) {
            // a publisher's error would end it: whoever wants to know has DatagramStream
        }

        @Override
        public void ended(@Nullable Throwable why) {
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
            Throwable why = end;
            if (why != null && (ready.isEmpty() || isClosing(why))) {
                tellEnd(why);
            }
        }

        private static boolean isClosing(Throwable why) {
            return why instanceof ClosedChannelException || why instanceof RingClosedException;
        }

        private void hand(ReceivedDatagram datagram, Flow.Subscriber<? super ReceivedDatagram> to) {
            boolean returned = false;
            try {
                to.onNext(datagram);
                returned = true;
            } finally {
                datagram.buffer().delivered();
                if (!returned) {
                    drop();
                }
            }
        }

        private void tellEnd(Throwable why) {
            Flow.Subscriber<? super ReceivedDatagram> to = subscriber;
            if (to == null) {
                return;
            }
            drop();
            if (why instanceof ClosedChannelException) {
                to.onComplete();
            } else {
                to.onError(why);
            }
        }
    }
}
