package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingException;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.event.EventStream;
import dev.ringflow.event.ForeignDescriptor;
import dev.ringflow.event.PipeEnd;
import dev.ringflow.event.PollEvents;
import dev.ringflow.event.RingPipe;
import dev.ringflow.spi.OpCode;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * Waiting for descriptors that the ring does not own. They are the ends of pipes of another ring, which goes on with
 * them whatever the ring under test does.
 */
public abstract class PollContract extends DriverContract {
    /** Fewer than the bytes that a pipe holds. */
    private static final int MOST_WRITES = 50_000;

    private static final String UNSUPPORTED = "driverWithoutDescriptorsSaysSo";

    private Ring other;
    private RingPipe pipe;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // by needsPolls()
    protected PollContract() {}

    @BeforeEach
    final void needsPolls(TestInfo info) {
        boolean can = ring().capabilities().support(OpCode.POLL) != Support.NONE;
        boolean wanted = !info.getTestMethod().orElseThrow().getName().equals(UNSUPPORTED);
        Assumptions.assumeTrue(
                can == wanted, () -> "the driver " + driverName() + (can ? " polls" : " cannot poll descriptors"));
        other = open(options());
        if (wanted) {
            pipe = await(other.pipeAsync());
        }
    }

    /** What the process knows an end by. */
    private static int number(PipeEnd end) {
        return end.ring().unsafeDriver().descriptor(end.unsafeHandle());
    }

    private void write(int bytes) {
        await(pipe.sink().writeFullyAsync(Bytes.direct(Bytes.content(bytes))));
    }

    private void read(int bytes) {
        await(pipe.source().readFullyAsync(Bytes.direct(bytes)));
    }

    private void assertThatThePipeWorks() {
        write(3);
        read(3);
    }

    private void awaitQuiet() {
        eventually(
                () -> "nothing is in flight: " + ring().metrics(),
                () -> ring().metrics().inFlight() == 0);
    }

    @Test
    void driverWithoutDescriptorsSaysSo() {
        for (var future : new RingFuture<?>[] {
            ring().pollAsync(0, PollEvents.READABLE),
            ForeignDescriptor.of(ring(), 0).readAsync(Bytes.direct(1)),
            ForeignDescriptor.of(ring(), 0).writeAsync(Bytes.direct(1))
        }) {
            assertThat(failureOf(future))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(driverName());
        }
        assertThat(failureOf(TicksSubscriber.to(ring().eventsPublisher(0, PollEvents.READABLE), 1)
                        .end()))
                .isInstanceOf(UnsupportedOperationException.class);
        await(ForeignDescriptor.of(ring(), 0).closeAsync());
    }

    @Test
    void whatIsSoAlreadyIsToldAtOnce() {
        PollEvents both = PollEvents.WRITABLE.and(PollEvents.READABLE);
        assertThat(await(ring().pollAsync(number(pipe.sink()), both))).isEqualTo(PollEvents.WRITABLE);
        write(1);
        assertThat(await(ring().pollAsync(number(pipe.source()), PollEvents.READABLE)))
                .isEqualTo(PollEvents.READABLE);
    }

    @Test
    void pollWaitsUntilItIsSo() {
        RingFuture<PollEvents> poll = ring().pollAsync(number(pipe.source()), PollEvents.READABLE);
        onLoop(ring(), () -> null);
        assertThat(poll).isNotDone();
        write(1);
        assertThat(await(poll).has(PollEvents.READABLE)).isTrue();
    }

    @Test
    void endIsToldWithoutBeingAskedFor() {
        RingFuture<PollEvents> poll = ring().pollAsync(number(pipe.source()), PollEvents.PRIORITY);
        await(pipe.sink().closeAsync());
        assertThat(await(poll)).isEqualTo(PollEvents.HANG_UP);
        assertThat(await(poll).isLast()).isTrue();
    }

    @Test
    void cancelledPollLeavesTheDescriptorAlone() {
        long handles = ring().metrics().openHandles();
        RingFuture<PollEvents> poll = ring().pollAsync(number(pipe.source()), PollEvents.READABLE);
        eventually("it is in flight", () -> ring().metrics().inFlight() == 1);
        poll.cancel(false);
        await(poll.released());
        awaitQuiet();
        assertThatThePipeWorks();
        assertThat(ring().metrics().openHandles()).isEqualTo(handles);
    }

    @Test
    void closingTheRingEndsPollsAndClosesNothingOfOthers() {
        RingFuture<PollEvents> poll = ring().pollAsync(number(pipe.source()), PollEvents.READABLE);
        ForeignDescriptor descriptor = ForeignDescriptor.of(ring(), number(pipe.source()));
        var read = descriptor.readAsync(Bytes.direct(1));
        var events = TicksSubscriber.to(descriptor.eventsPublisher(PollEvents.READABLE), 1);
        events.subscription();
        onLoop(ring(), () -> null);
        long begun = System.nanoTime();
        ring().close();
        assertThat(System.nanoTime() - begun)
                .isLessThan(options().build().closeTimeout().toNanos());
        assertThat(failureOf(poll)).isInstanceOfAny(RingClosedException.class, ClosedChannelException.class);
        assertThat(failureOf(read)).isInstanceOfAny(RingClosedException.class, ClosedChannelException.class);
        eventually("the publisher has ended", () -> events.end().isDone());
        assertThatThePipeWorks();
    }

    @Test
    void closedInterestEndsWhatIsInFlightAndClosesNothing() {
        ForeignDescriptor descriptor = ForeignDescriptor.of(ring(), number(pipe.source()));
        RingFuture<PollEvents> poll = descriptor.pollAsync(PollEvents.READABLE);
        var events = TicksSubscriber.to(descriptor.eventsPublisher(PollEvents.READABLE), 1);
        events.subscription();
        onLoop(ring(), () -> null);
        await(descriptor.closeAsync());
        assertThat(failureOf(poll)).isInstanceOf(AsynchronousCloseException.class);
        await(events.end());
        assertThat(ring().metrics().inFlight()).isZero();
        assertThat(failureOf(descriptor.pollAsync(PollEvents.READABLE))).isInstanceOf(ClosedChannelException.class);
        await(descriptor.closeAsync());
        assertThatThePipeWorks();
        assertThat(await(ring().pollAsync(number(pipe.sink()), PollEvents.WRITABLE)))
                .isEqualTo(PollEvents.WRITABLE);
    }

    @Test
    void eachChangeIsTold() {
        var events =
                TicksSubscriber.to(ring().eventsPublisher(number(pipe.source()), PollEvents.READABLE), Long.MAX_VALUE);
        for (int i = 0; i < 50; i++) {
            write(10);
            assertThat(events.next().element()).isEqualTo(PollEvents.READABLE);
            read(10);
            int round = i;
            eventually(() -> "nothing more comes in round " + round, () -> {
                int waiting = events.waiting();
                onLoop(ring(), () -> null);
                events.next(events.waiting());
                return waiting == 0;
            });
        }
        events.subscription().cancel();
        awaitQuiet();
    }

    @Test
    void eventsWithoutDemandAreToldTogetherAndStopThePoll() {
        var events = TicksSubscriber.to(ring().eventsPublisher(number(pipe.source()), PollEvents.READABLE), 1);
        write(1);
        events.next();
        int written = 1;
        while (ring().metrics().inFlight() != 0 && written < MOST_WRITES) { // the kernel tells several at once
            write(1);
            written++;
        }
        awaitQuiet();
        assertThat(events.waiting()).isZero();
        events.request(1);
        assertThat(events.next().element()).isEqualTo(PollEvents.READABLE);
        read(written);
        onLoop(ring(), () -> null);
        assertThat(events.waiting()).isZero();
        events.request(Long.MAX_VALUE);
        write(1);
        events.next();
        events.subscription().cancel();
        awaitQuiet();
    }

    @Test
    void hangUpIsTheLastEvent() {
        var events =
                TicksSubscriber.to(ring().eventsPublisher(number(pipe.source()), PollEvents.READABLE), Long.MAX_VALUE);
        events.subscription();
        await(pipe.sink().closeAsync());
        assertThat(events.next().element().has(PollEvents.HANG_UP)).isTrue();
        await(events.end());
        awaitQuiet();
    }

    @Test
    void subscribersHaveAPollOfTheirOwn() {
        var publisher = ring().eventsPublisher(number(pipe.source()), PollEvents.READABLE);
        var first = TicksSubscriber.to(publisher, 1);
        var second = TicksSubscriber.to(publisher, 1);
        second.subscription();
        write(1);
        first.next();
        second.next();
        first.subscription().cancel();
        second.subscription().cancel();
        awaitQuiet();
    }

    @Test
    void streamTellsOneAtATimeAndWaitingCanBeGivenUp() {
        try (EventStream stream = ring().eventStream(number(pipe.source()), PollEvents.READABLE)) {
            Recorder<PollEvents> first = new Recorder<>();
            Recorder<PollEvents> tooMany = new Recorder<>();
            stream.next(first);
            stream.next(tooMany);
            assertThat(failureOf(tooMany.outcome())).isInstanceOf(IllegalStateException.class);
            stream.giveUp(first);
            assertThat(failureOf(first.outcome())).isInstanceOf(CancellationException.class);
            write(1);
            Recorder<PollEvents> again = new Recorder<>();
            stream.next(again);
            assertThat(await(again.outcome())).isEqualTo(PollEvents.READABLE);
        }
        awaitQuiet();
    }

    @Test
    void descriptorIsReadAndWritten() {
        ForeignDescriptor source = ForeignDescriptor.of(ring(), number(pipe.source()));
        ForeignDescriptor sink = ForeignDescriptor.of(ring(), number(pipe.sink()));
        var in = Bytes.direct(10);
        RingFuture<Integer> read = source.readAsync(in);
        assertThat(await(sink.writeAsync(Bytes.direct(Bytes.content(10))))).isEqualTo(10);
        assertThat(await(read)).isEqualTo(10);
        assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(10));
        await(pipe.sink().closeAsync());
        assertThat(await(source.readAsync(Bytes.direct(1)))).isEqualTo(-1);
    }

    @Test
    void numberThatStandsForNothingFails() {
        assertThat(failureOf(ring().pollAsync(1_000_000, PollEvents.READABLE)))
                .isInstanceOf(RingException.class)
                .hasMessageContaining("EBADF");
        assertThat(failureOf(TicksSubscriber.to(ring().eventsPublisher(1_000_000, PollEvents.READABLE), 1)
                        .end()))
                .isInstanceOf(RingException.class);
        assertThatThrownBy(() -> ring().pollAsync(-1, PollEvents.READABLE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
