package dev.ringflow.tck;

import dev.ringflow.Ring;
import dev.ringflow.net.ReceivedDatagram;
import dev.ringflow.net.RingDatagramSocket;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/**
 * The rules of Reactive Streams for the publisher of datagrams, which completes only when its socket is closed, checked by
 * their own test kit. Rules that the kit marks as optional, or as not verifiable, are skipped with the kit's reason.
 */
public abstract class DatagramRulesContract extends DriverContract {
    private static final int MOST_DATAGRAMS = 100;

    /** For subclasses. */
    protected DatagramRulesContract() {}

    @TestFactory
    Stream<DynamicTest> publisherOfDatagramsKeepsTheRules() {
        return PublisherRules.of(Datagrams::new);
    }

    private final class Datagrams extends FlowPublisherVerification<ReceivedDatagram> {
        Datagrams() {
            super(PublisherRules.environment(), PublisherRules.COLLECTION_MILLIS);
        }

        @Override
        public long maxElementsFromPublisher() {
            return publisherUnableToSignalOnComplete();
        }

        /** All that a test asks for waits in the socket's buffer. */
        @Override
        public Flow.Publisher<ReceivedDatagram> createFlowPublisher(long elements) {
            RingDatagramSocket to = await(ring().bindAsync(loopback()));
            RingDatagramSocket from = await(ring().bindAsync(loopback()));
            for (int i = 0; i < Math.min(elements, MOST_DATAGRAMS); i++) {
                await(from.sendAsync(Bytes.direct(1), Objects.requireNonNull(to.localAddress())));
            }
            return to.datagramsPublisher();
        }

        @Override
        public Flow.Publisher<ReceivedDatagram> createFailedFlowPublisher() {
            Ring ended = open(options());
            RingDatagramSocket socket = await(ended.bindAsync(loopback()));
            await(ended.closeAsync());
            return socket.datagramsPublisher();
        }
    }
}
