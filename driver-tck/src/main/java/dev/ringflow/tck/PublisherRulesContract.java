package dev.ringflow.tck;

import dev.ringflow.Ring;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferGroupOptions;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/**
 * The rules of Reactive Streams for publishers, checked by its own test kit. Rules that the kit marks as optional, or as
 * not verifiable, are skipped with the kit's reason: several subscribers share connections, and bytes have one.
 */
public abstract class PublisherRulesContract extends DriverContract {
    private static final int MOST_CONNECTIONS = 40;
    private static final int MOST_BYTES = 2000;

    private final List<AutoCloseable> opened = Collections.synchronizedList(new ArrayList<>());

    /** For subclasses. */
    protected PublisherRulesContract() {}

    @AfterEach
    final void closesWhatItOpened() throws Exception {
        for (AutoCloseable each : List.copyOf(opened)) {
            each.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> publisherOfConnectionsKeepsTheRules() {
        return PublisherRules.of(Connections::new);
    }

    @TestFactory
    Stream<DynamicTest> publisherOfIncomingBytesKeepsTheRules() {
        return PublisherRules.of(Incoming::new);
    }

    private final class Connections extends FlowPublisherVerification<RingSocket> {
        Connections() {
            super(PublisherRules.environment(), PublisherRules.COLLECTION_MILLIS);
        }

        @Override
        public long maxElementsFromPublisher() {
            return MOST_CONNECTIONS;
        }

        @Override
        public Flow.Publisher<RingSocket> createFlowPublisher(long elements) {
            RingServerSocket server = await(ring().listenAsync(loopback(), 2 * MOST_CONNECTIONS));
            opened.add(server::close);
            try {
                for (int i = 0; i < elements; i++) {
                    opened.add(SocketChannel.open(server.localAddress()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Closing(server, elements);
        }

        @Override
        public Flow.Publisher<RingSocket> createFailedFlowPublisher() {
            Ring ended = open(options());
            RingServerSocket server = await(ended.listenAsync(loopback()));
            await(ended.closeAsync());
            return server.connectionsPublisher(); // that of a closed server socket would just end
        }
    }

    /** A publisher whose server closes, and ends it, after a number of connections. */
    private record Closing(RingServerSocket server, long elements) implements Flow.Publisher<RingSocket> {
        @Override
        public void subscribe(Flow.Subscriber<? super RingSocket> subscriber) {
            if (subscriber == null) {
                throw new NullPointerException("subscriber");
            }
            if (elements == 0) {
                server.close();
            }
            server.connectionsPublisher().subscribe(new Counting(server, elements, subscriber));
        }
    }

    private static final class Counting implements Flow.Subscriber<RingSocket> {
        private final RingServerSocket server;
        private final long elements;
        private Flow.@Nullable Subscriber<? super RingSocket> to;
        private long seen;

        Counting(RingServerSocket server, long elements, Flow.Subscriber<? super RingSocket> to) {
            this.server = server;
            this.elements = elements;
            this.to = to;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscriber().onSubscribe(subscription);
        }

        @Override
        public void onNext(RingSocket socket) {
            socket.closeAsync();
            if (++seen == elements) {
                server.closeAsync();
            }
            subscriber().onNext(socket);
        }

        @Override
        public void onError(Throwable failure) {
            subscriber().onError(failure);
            to = null;
        }

        @Override
        public void onComplete() {
            subscriber().onComplete();
            to = null;
        }

        private Flow.Subscriber<? super RingSocket> subscriber() {
            return java.util.Objects.requireNonNull(to);
        }
    }

    private final class Incoming extends FlowPublisherVerification<ReceivedBuffer> {
        Incoming() {
            super(PublisherRules.environment(), PublisherRules.COLLECTION_MILLIS);
        }

        @Override
        public long maxElementsFromPublisher() {
            return MOST_BYTES;
        }

        @Override
        public Flow.Publisher<ReceivedBuffer> createFlowPublisher(long elements) {
            TcpPair pair = pair();
            OwnThread.run(() -> {
                try {
                    pair.theirs().getOutputStream().write(new byte[(int) elements]);
                    pair.theirs().shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            BufferGroup group = ring().bufferGroup(
                            BufferGroupOptions.builder().count(16).bufferSize(1).build()); // each byte is an element
            return pair.ours()
                    .incomingPublisher(IncomingOptions.builder().group(group).build());
        }

        @Override
        public Flow.Publisher<ReceivedBuffer> createFailedFlowPublisher() {
            TcpPair pair = pair();
            await(pair.ours().closeAsync());
            return pair.ours().incomingPublisher();
        }

        private TcpPair pair() {
            try {
                TcpPair pair = TcpPair.accepted(ring());
                opened.add(pair);
                return pair;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
