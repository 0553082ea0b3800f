package dev.ringflow.tck;

import dev.ringflow.Ring;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/**
 * The rules of Reactive Streams for the publisher of ticks, which never completes, checked by their own test kit.
 * Rules that the kit marks as optional, or as not verifiable, are skipped with the kit's reason.
 */
public abstract class TicksRulesContract extends DriverContract {
    /** For subclasses. */
    protected TicksRulesContract() {}

    @TestFactory
    Stream<DynamicTest> publisherOfTicksKeepsTheRules() {
        return PublisherRules.of(Ticks::new);
    }

    private final class Ticks extends FlowPublisherVerification<Long> {
        Ticks() {
            super(PublisherRules.environment(), PublisherRules.COLLECTION_MILLIS);
        }

        @Override
        public long maxElementsFromPublisher() {
            return publisherUnableToSignalOnComplete();
        }

        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            return ring().ticksPublisher(Duration.ofMillis(1));
        }

        @Override
        public Flow.Publisher<Long> createFailedFlowPublisher() {
            Ring ended = open(options());
            await(ended.closeAsync());
            return ended.ticksPublisher(Duration.ofMillis(1));
        }
    }
}
