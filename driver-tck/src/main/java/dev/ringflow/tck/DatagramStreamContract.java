package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingFuture;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferGroupOptions;
import dev.ringflow.net.DatagramStream;
import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.ReceivedDatagram;
import dev.ringflow.net.RingDatagramSocket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** Datagrams that keep coming, in buffers of a group: their order, their end, and consumers that are slow. */
public abstract class DatagramStreamContract extends DriverContract {
    private static final int ROOM = 1024;

    /** For subclasses. */
    protected DatagramStreamContract() {}

    private RingDatagramSocket bound() {
        return await(ring().bindAsync(loopback()));
    }

    private static InetSocketAddress at(RingDatagramSocket socket) {
        return (InetSocketAddress) Objects.requireNonNull(socket.localAddress());
    }

    private BufferGroup group(int count) {
        return BufferGroup.create(
                ring(),
                BufferGroupOptions.builder().count(count).bufferSize(ROOM).build());
    }

    private static IncomingOptions in(BufferGroup group, int maxHeld) {
        return IncomingOptions.builder().group(group).maxHeld(maxHeld).build();
    }

    private static void send(RingDatagramSocket from, RingDatagramSocket to, int number, int length) {
        assertThat(await(from.sendAsync(Bytes.direct(length).putInt(0, number), at(to))))
                .isEqualTo(length);
    }

    /** What {@link #send} has put at the beginning. */
    private static int number(ReceivedDatagram datagram) {
        return datagram.byteBuffer().duplicate().getInt(); // a duplicate has the order that send uses
    }

    private static ReceivedDatagram next(DatagramStream stream) {
        RingFuture<ReceivedDatagram> future = new RingFuture<>();
        stream.next(future);
        return await(future);
    }

    @Test
    void streamDeliversEachDatagramWithItsSenderInOrder() {
        RingDatagramSocket a = bound();
        RingDatagramSocket b = bound();
        RingDatagramSocket c = bound();
        try (DatagramStream stream = a.datagramStream()) {
            RingFuture<ReceivedDatagram> first = new RingFuture<>();
            stream.next(first);
            for (int i = 0; i < 50; i++) {
                send(i % 2 == 0 ? b : c, a, i, 4 + i);
            }
            for (int i = 0; i < 50; i++) {
                ReceivedDatagram came = i == 0 ? await(first) : next(stream);
                assertThat(came.byteBuffer().remaining()).isEqualTo(4 + i);
                assertThat(number(came)).isEqualTo(i);
                assertThat(came.info().length()).isEqualTo(4 + i);
                assertThat(came.info().isTruncated()).isFalse();
                assertThat(came.sender()).isEqualTo((i % 2 == 0 ? b : c).localAddress());
            }
        }
    }

    @Test
    void emptyAndTooLongDatagramsComeAndAreTold() {
        RingDatagramSocket a = bound();
        RingDatagramSocket b = bound();
        try (BufferGroup group = group(8);
                DatagramStream stream = a.datagramStream(in(group, 4))) {
            await(b.sendAsync(Bytes.direct(0), at(a)));
            ReceivedDatagram empty = next(stream);
            assertThat(empty.byteBuffer().hasRemaining()).isFalse();
            assertThat(empty.sender()).isEqualTo(b.localAddress());
            await(b.sendAsync(Bytes.direct(Bytes.content(2 * ROOM)), at(a)));
            ReceivedDatagram cut = next(stream);
            assertThat(cut.info().isTruncated()).isTrue();
            int there = cut.byteBuffer().remaining();
            assertThat(there).isBetween(1, ROOM);
            assertThat(Bytes.remaining(cut.byteBuffer()))
                    .isEqualTo(java.util.Arrays.copyOf(Bytes.content(2048), there));
            send(b, a, 7, 10);
            assertThat(next(stream).info().isTruncated()).isFalse();
        }
    }

    @Test
    void retainedDatagramStaysAndOthersEndWithTheNext() {
        RingDatagramSocket a = bound();
        RingDatagramSocket b = bound();
        BufferGroup group = group(4);
        try (DatagramStream stream = a.datagramStream(in(group, 4))) {
            for (int i = 0; i < 3; i++) {
                send(b, a, i, 8);
            }
            ReceivedDatagram kept = next(stream).retain();
            ReceivedDatagram lent = next(stream);
            next(stream);
            assertThatThrownBy(lent::byteBuffer).isInstanceOf(IllegalStateException.class);
            assertThat(lent.sender()).isEqualTo(b.localAddress());
            assertThat(number(kept)).isZero();
            kept.close();
            assertThatThrownBy(kept::close).isInstanceOf(IllegalStateException.class);
        }
        eventually(() -> "all buffers are back: " + group, () -> group.held() == 0);
    }

    @Test
    void exhaustedGroupOnlyPausesTheStream() {
        RingDatagramSocket a = bound();
        RingDatagramSocket b = bound();
        BufferGroup group = group(2);
        try (DatagramStream stream = a.datagramStream(in(group, 100))) {
            List<ReceivedDatagram> kept = new ArrayList<>();
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < 6; i++) {
                    send(b, a, i, 8);
                }
                kept.add(next(stream).retain());
                kept.add(next(stream).retain());
                RingFuture<ReceivedDatagram> third = new RingFuture<>();
                stream.next(third);
                onLoop(ring(), () -> true);
                assertThat(third).isNotDone();
                kept.forEach(ReceivedDatagram::close);
                kept.clear();
                assertThat(await(third).byteBuffer().remaining()).isEqualTo(8);
                for (int i = 3; i < 6; i++) {
                    ReceivedDatagram came = next(stream);
                    assertThat(number(came)).isEqualTo(i);
                }
            }
        }
    }

    @Test
    void slowConsumerBoundsWhatIsHeldAndTheKernelDropsTheRest() {
        RingDatagramSocket a = bound();
        RingDatagramSocket b = bound();
        BufferGroup group = group(64);
        int sent = 5000;
        try (DatagramStream stream = a.datagramStream(in(group, 8))) {
            RingFuture<ReceivedDatagram> first = new RingFuture<>();
            stream.next(first);
            for (int i = 0; i < sent; i++) {
                send(b, a, i, 500);
            }
            await(first);
            assertThat(group.held()).isLessThanOrEqualTo(64);
            int last = -1;
            int got = 1;
            send(b, a, sent, 500);
            RingFuture<ReceivedDatagram> more = new RingFuture<>();
            stream.next(more);
            while (last < sent) {
                if (!more.isDone()) {
                    send(b, a, sent, 500); // the one before may have been dropped
                }
                ReceivedDatagram came = await(more);
                int number = number(came);
                assertThat(number).as("in order").isGreaterThan(last);
                last = number;
                got++;
                more = new RingFuture<>();
                stream.next(more);
            }
            assertThat(got).isLessThan(sent);
        }
        eventually(() -> "all buffers are back: " + group, () -> group.held() == 0);
    }

    /**
     * Skips the test, and says why, where the system lets a datagram socket receive nothing more after it has told that a
     * port is closed.
     *
     * @throws IOException if it cannot be found out
     */
    protected void assumeReceivesGoOnAfterAnError() throws IOException {}

    @Test
    void closedPortIsToldAndTheStreamGoesOn() throws IOException {
        assumeReceivesGoOnAfterAnError();
        RingDatagramSocket a = bound();
        int port;
        try (DatagramSocket gone = new DatagramSocket(loopback())) {
            port = gone.getLocalPort();
        }
        InetSocketAddress where = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        await(a.connectAsync(where));
        try (DatagramStream stream = a.datagramStream()) {
            RingFuture<ReceivedDatagram> told = new RingFuture<>();
            stream.next(told);
            onLoop(ring(), () -> true);
            await(a.sendAsync(Bytes.direct(1)));
            assertThat(failureOf(told)).isInstanceOf(PortUnreachableException.class);
            RingFuture<ReceivedDatagram> after = new RingFuture<>();
            stream.next(after);
            try (DatagramSocket there = new DatagramSocket(where)) {
                there.send(new DatagramPacket(new byte[3], 3, a.localAddress()));
                assertThat(await(after).byteBuffer().remaining()).isEqualTo(3);
            }
        }
    }

    @Test
    void closingTheSocketEndsTheStreamWhateverItDoes() {
        for (boolean holdsAll : new boolean[] {false, true}) {
            RingDatagramSocket a = bound();
            RingDatagramSocket b = bound();
            BufferGroup group = group(2);
            DatagramStream stream = a.datagramStream(in(group, 100));
            List<ReceivedDatagram> kept = new ArrayList<>();
            if (holdsAll) {
                send(b, a, 1, 8);
                send(b, a, 2, 8);
                kept.add(next(stream).retain());
                kept.add(next(stream).retain());
            }
            RingFuture<ReceivedDatagram> waiting = new RingFuture<>();
            stream.next(waiting);
            onLoop(ring(), () -> true);
            await(a.closeAsync());
            assertThat(failureOf(waiting)).isInstanceOf(ClosedChannelException.class);
            kept.forEach(ReceivedDatagram::close);
            group.close();
            await(b.closeAsync());
        }
        eventually("nothing is in flight", () -> ring().metrics().inFlight() <= 0 || onLoop(ring(), () -> true));
    }

    @Test
    void publisherHonoursDemandAndEndsWithTheSocket() {
        RingDatagramSocket a = bound();
        RingDatagramSocket b = bound();
        BufferGroup group = group(16);
        Taking taking = new Taking();
        a.datagramsPublisher(in(group, 4)).subscribe(taking);
        Flow.Subscription subscription = await(taking.subscribed);
        for (int i = 0; i < 12; i++) {
            send(b, a, i, 8);
        }
        onLoop(ring(), () -> true);
        assertThat(taking.numbers).isEmpty();
        subscription.request(5);
        eventually("five came", () -> onLoop(ring(), taking.numbers::size) == 5);
        subscription.request(7);
        eventually("all came", () -> onLoop(ring(), taking.numbers::size) == 12);
        for (int i = 0; i < 12; i++) {
            assertThat(taking.numbers.get(i)).isEqualTo(i);
        }
        assertThat(group.held()).isZero();
        await(a.closeAsync());
        await(taking.completed);
    }

    @Test
    void subscriptionsThatAreCancelledInAFloodLeaveNothingBehind() {
        RingDatagramSocket a = bound();
        RingDatagramSocket b = bound();
        BufferGroup group = group(8);
        for (int round = 0; round < 30; round++) {
            Taking taking = new Taking();
            a.datagramsPublisher(in(group, 4)).subscribe(taking);
            Flow.Subscription subscription = await(taking.subscribed);
            subscription.request(Long.MAX_VALUE);
            for (int i = 0; i < 20; i++) {
                send(b, a, i, 8);
            }
            subscription.cancel();
        }
        eventually(() -> "all buffers are back: " + group, () -> onLoop(ring(), group::held) == 0);
        Taking last = new Taking();
        a.datagramsPublisher(in(group, 4)).subscribe(last);
        await(last.subscribed).request(Long.MAX_VALUE);
        send(b, a, 99, 8);
        eventually("it still works", () -> onLoop(ring(), () -> last.numbers.contains(99)));
    }

    @Test
    void groupThatCannotHoldADatagramIsRefusedClearly() {
        RingDatagramSocket a = bound();
        BufferGroup incremental = BufferGroup.create(
                ring(),
                BufferGroupOptions.builder()
                        .count(2)
                        .bufferSize(ROOM)
                        .incremental(true)
                        .build());
        assertThatThrownBy(() -> a.datagramStream(in(incremental, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("incremental");
    }

    private static final class Taking implements Flow.Subscriber<ReceivedDatagram> {
        final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        final CompletableFuture<Boolean> completed = new CompletableFuture<>();
        final List<Integer> numbers = new ArrayList<>();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscribed.complete(subscription);
        }

        @Override
        public void onNext(ReceivedDatagram datagram) {
            numbers.add(number(datagram));
        }

        @Override
        public void onError(Throwable failure) {
            completed.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            completed.complete(true);
        }
    }
}
