package dev.ringflow.tck;

import dev.ringflow.Ring;
import dev.ringflow.event.PollEvents;
import dev.ringflow.uring.event.Eventfd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/**
 * The rules of Reactive Streams for the publisher of what happens to a descriptor, here a counter that is counted up every
 * millisecond, checked by their own test kit. Rules that the kit marks as optional, or as not verifiable, are skipped with
 * the kit's reason.
 */
final class EventsRulesTest extends DriverContract {
    private final List<AutoCloseable> opened = new ArrayList<>();

    @Override
    protected String driverName() {
        return "uring";
    }

    @AfterEach
    void closesWhatItOpened() throws Exception {
        await(ring().closeAsync()); // whoever counts up, and whoever looks, ends before the counters do
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> publisherOfEventsKeepsTheRules() {
        return PublisherRules.of(Events::new);
    }

    private Eventfd counter() {
        try {
            Eventfd counter = Eventfd.open(0);
            opened.add(counter);
            return counter;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Events extends FlowPublisherVerification<PollEvents> {
        Events() {
            super(PublisherRules.environment(), PublisherRules.COLLECTION_MILLIS);
        }

        @Override
        public long maxElementsFromPublisher() {
            return publisherUnableToSignalOnComplete();
        }

        @Override
        public Flow.Publisher<PollEvents> createFlowPublisher(long elements) {
            Eventfd counter = counter();
            ring().ticksPublisher(Duration.ofMillis(1)).subscribe(new CountingUp(counter));
            return ring().eventsPublisher(counter.number(), PollEvents.READABLE);
        }

        @Override
        public Flow.Publisher<PollEvents> createFailedFlowPublisher() {
            Ring ended = open(options());
            await(ended.closeAsync());
            return ended.eventsPublisher(counter().number(), PollEvents.READABLE);
        }
    }

    private record CountingUp(Eventfd counter) implements Flow.Subscriber<Long> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Long tick) {
            try {
                counter.add(1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
