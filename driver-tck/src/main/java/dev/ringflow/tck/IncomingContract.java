package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferGroupOptions;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.net.IncomingListener;
import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.IncomingStream;
import dev.ringflow.net.IncomingSubscription;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** All that comes on a connection, in the forms in which it can be taken: every byte, in order, and one end. */
public abstract class IncomingContract extends DriverContract {
    /** For subclasses. */
    protected IncomingContract() {}

    static byte[] bytes(ReceivedBuffer buffer) {
        byte[] content = new byte[buffer.remaining()];
        buffer.byteBuffer().get(content);
        return content;
    }

    static byte[] random(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    /** Keeps the bytes and the end. */
    static final class Collector implements IncomingListener {
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
        final List<@Nullable Throwable> ends = new ArrayList<>();

        @Override
        public synchronized void received(ReceivedBuffer buffer) {
            content.writeBytes(bytes(buffer));
        }

        synchronized int size() {
            return content.size();
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            ends.add(failure);
            if (failure == null) {
                end.complete(null);
            } else {
                end.completeExceptionally(failure);
            }
        }
    }

    static IncomingOptions into(BufferGroup group) {
        return IncomingOptions.builder().group(group).build();
    }

    private BufferGroup group(int count, int size) {
        return ring().bufferGroup(BufferGroupOptions.builder()
                .count(count)
                .bufferSize(size)
                .build());
    }

    @Test
    void listenerGetsEveryByteInOrderAndOneEnd() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            byte[] sent = random(1 << 20);
            Collector collector = new Collector();
            pair.ours().receiveAll(IncomingOptions.defaults(), collector);
            pair.theirs().getOutputStream().write(sent);
            pair.theirs().shutdownOutput();
            await(collector.end);
            assertThat(collector.content.toByteArray()).isEqualTo(sent);
            assertThat(collector.ends).hasSize(1);
            eventually("all buffers are back", () -> BufferGroup.ofRing(ring()).held() == 0);
        }
    }

    @Test
    void streamGivesEveryByteToWhoeverAsksAndThenTheEnd() throws IOException {
        try (TcpPair pair = TcpPair.connected(ring())) {
            byte[] sent = random(100_000);
            CompletableFuture<Void> sending = sendAndShutDown(pair, sent);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            IncomingStream stream = pair.ours().incomingStream(into(group(8, 1000)));
            for (ReceivedBuffer each = next(stream); each != null; each = next(stream)) {
                content.writeBytes(bytes(each));
            }
            assertThat(content.toByteArray()).isEqualTo(sent);
            assertThat(next(stream)).as("after the end comes the end").isNull();
            await(sending);
        }
    }

    @Test
    void publisherGivesWhatIsRequestedAndNoMore() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            BufferGroup group = group(16, 1);
            Subscriber subscriber = new Subscriber();
            pair.ours().incomingPublisher(into(group)).subscribe(subscriber);
            pair.theirs().getOutputStream().write(new byte[] {1, 2, 3, 4, 5});
            pair.theirs().shutdownOutput();
            await(subscriber.subscribed).request(2);
            eventually("two of five", () -> subscriber.size() == 2);
            eventually("the others wait", () -> group.held() == 3);
            assertThat(subscriber.size()).isEqualTo(2);
            assertThat(subscriber.end).isNotDone();
            await(subscriber.subscribed).request(Long.MAX_VALUE);
            await(subscriber.end);
            assertThat(subscriber.content()).containsExactly(1, 2, 3, 4, 5);
        }
    }

    @Test
    void publisherTellsOfTheEndWithoutBeingAsked() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Subscriber subscriber = new Subscriber();
            pair.ours().incomingPublisher().subscribe(subscriber);
            pair.theirs().shutdownOutput();
            await(subscriber.end);
        }
    }

    @Test
    void peerThatSendsOneByteAtATimeIsHeardByteByByte() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Collector collector = new Collector();
            pair.ours().receiveAll(into(group(2, 64)), collector);
            for (int i = 0; i < 500; i++) {
                pair.theirs().getOutputStream().write(i);
                if (i % 50 == 0) {
                    int soFar = i + 1;
                    eventually("byte " + soFar, () -> collector.size() == soFar);
                }
            }
            pair.theirs().shutdownOutput();
            await(collector.end);
            for (int i = 0; i < 500; i++) {
                assertThat(collector.content.toByteArray()[i]).isEqualTo((byte) i);
            }
        }
    }

    // Ends.

    @Test
    void endsWithoutBytesLeaveTheGroupIntact() throws IOException {
        BufferGroup group = group(1, 16);
        for (int i = 0; i < 20; i++) {
            try (TcpPair pair = TcpPair.accepted(ring())) {
                Collector collector = new Collector();
                pair.ours().receiveAll(into(group), collector);
                pair.theirs().shutdownOutput();
                await(collector.end);
                assertThat(collector.size()).isZero();
            }
        }
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Collector collector = new Collector();
            pair.ours().receiveAll(into(group), collector);
            pair.theirs().getOutputStream().write(random(100));
            pair.theirs().shutdownOutput();
            await(collector.end);
            assertThat(collector.content.toByteArray()).isEqualTo(random(100));
        }
        assertThat(group.held()).isZero();
    }

    @Test
    void resetComesAfterTheBytesBeforeIt() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            IncomingStream stream = pair.ours().incomingStream();
            pair.theirs().getOutputStream().write(7);
            ReceivedBuffer first = Objects.requireNonNull(next(stream));
            assertThat(bytes(first)).containsExactly(7);
            RingFuture<@Nullable ReceivedBuffer> second = nextOf(stream);
            pair.reset();
            assertThat(failureOf(second)).isInstanceOf(SocketException.class).hasMessageContaining("reset");
            assertThat(failureOf(nextOf(stream))).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void closingTheSocketEndsWhoeverWaits() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            IncomingStream stream = pair.ours().incomingStream();
            RingFuture<@Nullable ReceivedBuffer> waiting = nextOf(stream);
            await(pair.ours().closeAsync());
            assertThat(failureOf(waiting)).isInstanceOf(ClosedChannelException.class);
            assertThat(failureOf(nextOf(stream))).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void closingTheRingEndsListenersAndSubscribersOnce() throws IOException {
        Ring ring = open(options());
        try (TcpPair first = TcpPair.accepted(ring);
                TcpPair second = TcpPair.accepted(ring)) {
            Collector collector = new Collector();
            first.ours().receiveAll(IncomingOptions.defaults(), collector);
            Subscriber subscriber = new Subscriber();
            second.ours().incomingPublisher().subscribe(subscriber);
            await(subscriber.subscribed);
            await(ring.closeAsync());
            assertThat(failureOf(collector.end)).isInstanceOf(IOException.class);
            assertThat(failureOf(subscriber.end)).isInstanceOf(IOException.class);
            assertThat(collector.ends).hasSize(1);
        }
    }

    @Test
    void closingAListenerLeavesTheSocketToTheNext() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Collector first = new Collector();
            IncomingSubscription begun = pair.ours().receiveAll(IncomingOptions.defaults(), first);
            pair.theirs().getOutputStream().write(1);
            eventually("the first byte", () -> first.size() == 1);
            begun.close();
            begun.close();
            assertThat(failureOf(first.end)).isInstanceOf(ClosedChannelException.class);
            IncomingStream second = pair.ours().incomingStream();
            RingFuture<@Nullable ReceivedBuffer> waiting = nextOf(second);
            onLoop(ring(), () -> null); // what the first lets go of is not the second's
            pair.theirs().getOutputStream().write(2);
            ReceivedBuffer buffer = Objects.requireNonNull(await(waiting));
            assertThat(bytes(buffer)).containsExactly(2);
            assertThat(first.ends).hasSize(1);
        }
    }

    @Test
    void secondConsumerOfASocketIsRefused() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Collector first = new Collector();
            Collector second = new Collector();
            pair.ours().receiveAll(IncomingOptions.defaults(), first);
            pair.ours().receiveAll(IncomingOptions.defaults(), second);
            assertThat(failureOf(second.end)).isInstanceOf(IllegalStateException.class);
            pair.theirs().getOutputStream().write(1);
            eventually("the first goes on", () -> first.size() == 1);
        }
    }

    @Test
    void listenerThatThrowsEndsTheStreamAndKeepsNothing() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            List<@Nullable Throwable> ends = new CopyOnWriteArrayList<>();
            IllegalStateException mine = new IllegalStateException("expected by the test");
            pair.ours().receiveAll(IncomingOptions.defaults(), new IncomingListener() {
                @Override
                public void received(ReceivedBuffer buffer) {
                    throw mine;
                }

                @Override
                public void ended(@Nullable Throwable failure) {
                    ends.add(failure);
                }
            });
            pair.theirs().getOutputStream().write(1);
            eventually("the end", () -> ends.contains(mine));
            eventually("nothing is held", () -> BufferGroup.ofRing(ring()).held() == 0);
            IncomingStream next = pair.ours().incomingStream();
            RingFuture<@Nullable ReceivedBuffer> waiting = nextOf(next);
            onLoop(ring(), () -> null);
            pair.theirs().getOutputStream().write(2);
            assertThat(await(waiting)).as("another may receive").isNotNull();
            assertThat(ends).hasSize(1);
        }
    }

    @Test
    void givenUpWaitingLosesNoByte() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            IncomingStream stream = pair.ours().incomingStream();
            RingFuture<@Nullable ReceivedBuffer> givenUp = nextOf(stream);
            stream.giveUp(givenUp);
            assertThat(failureOf(givenUp)).isInstanceOf(CancellationException.class);
            pair.theirs().getOutputStream().write(5);
            ReceivedBuffer buffer = Objects.requireNonNull(next(stream));
            assertThat(bytes(buffer)).containsExactly(5);
        }
    }

    // Who has a buffer.

    @Test
    void bufferIsGoneWhenItsTimeIsOver() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            IncomingStream stream = pair.ours().incomingStream(into(group(1, 16)));
            pair.theirs().getOutputStream().write(1);
            ReceivedBuffer first = Objects.requireNonNull(next(stream));
            RingFuture<@Nullable ReceivedBuffer> second = nextOf(stream);
            pair.theirs().getOutputStream().write(2);
            ReceivedBuffer later = Objects.requireNonNull(await(second));
            assertThatIllegalStateException().isThrownBy(first::byteBuffer);
            assertThatIllegalStateException().isThrownBy(first::remaining);
            assertThatIllegalStateException().isThrownBy(first::retain);
            assertThatIllegalStateException().isThrownBy(first::close);
            assertThatIllegalStateException().isThrownBy(first::kernelTakes);
            assertThat(bytes(later)).as("the same memory").containsExactly(2);
        }
    }

    @Test
    void retainedBufferStaysUntilItIsClosedOnce() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            BufferGroup group = group(2, 16);
            IncomingStream stream = pair.ours().incomingStream(into(group));
            pair.theirs().getOutputStream().write(1);
            ReceivedBuffer first = Objects.requireNonNull(next(stream));
            first.retain();
            assertThatIllegalStateException().isThrownBy(first::retain).withMessageContaining("retained already");
            RingFuture<@Nullable ReceivedBuffer> second = nextOf(stream);
            pair.theirs().getOutputStream().write(2);
            await(second);
            assertThat(group.held()).isEqualTo(2);
            assertThat(bytes(first)).containsExactly(1);
            first.close();
            assertThatIllegalStateException().isThrownBy(first::close);
            eventually("one is back", () -> group.held() == 1);
        }
    }

    @Test
    void memoryThatTheKernelHasComesBackAfterIt() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            BufferGroup group = group(2, 16);
            IncomingStream stream = pair.ours().incomingStream(into(group));
            pair.theirs().getOutputStream().write(1);
            ReceivedBuffer buffer = Objects.requireNonNull(next(stream));
            buffer.kernelTakes();
            buffer.close();
            onLoop(ring(), () -> null);
            assertThat(group.held()).isEqualTo(1);
            buffer.kernelLetsGo();
            eventually("it is back", () -> group.held() == 0);
        }
    }

    @Test
    void retainedBufferOutlivesItsGroupAndItsRing() throws IOException {
        Ring ring = open(options());
        BufferGroup group = ring.bufferGroup(
                BufferGroupOptions.builder().count(2).bufferSize(16).build());
        ReceivedBuffer kept;
        try (TcpPair pair = TcpPair.accepted(ring)) {
            IncomingStream stream = pair.ours().incomingStream(into(group));
            pair.theirs().getOutputStream().write(9);
            kept = Objects.requireNonNull(next(stream));
            kept.retain();
            group.close();
        }
        await(ring.closeAsync());
        assertThat(bytes(kept)).containsExactly(9);
        kept.close();
        assertThatIllegalStateException().isThrownBy(kept::close);
    }

    @Test
    void groupThatIsClosedEndsItsStreamsWithAClearException() throws IOException {
        try (TcpPair first = TcpPair.accepted(ring());
                TcpPair second = TcpPair.accepted(ring())) {
            BufferGroup group = group(2, 16);
            Collector collector = new Collector();
            first.ours().receiveAll(into(group), collector);
            first.theirs().getOutputStream().write(1);
            eventually("it receives", () -> collector.size() == 1);
            group.close();
            group.close();
            assertThat(failureOf(collector.end))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            assertThat(failureOf(nextOf(second.ours().incomingStream(into(group)))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }

    // One at a time, and futures of pooled buffers.

    @Test
    void oneReceiveTakesOneBufferAndItsOwnerGivesItBack() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingFuture<@Nullable ReceivedBuffer> early = pair.ours().receiveAsync();
            onLoop(ring(), () -> null);
            assertThat(BufferGroup.ofRing(ring()).held())
                    .as("waiting holds none")
                    .isZero();
            pair.theirs().getOutputStream().write(3);
            ReceivedBuffer buffer = Objects.requireNonNull(await(early));
            assertThat(bytes(buffer)).containsExactly(3);
            RingFuture<@Nullable ReceivedBuffer> cancelled = pair.ours().receiveAsync();
            cancelled.cancel(false);
            await(cancelled.released());
            pair.theirs().getOutputStream().write(4);
            try (ReceivedBuffer second =
                    Objects.requireNonNull(await(pair.ours().receiveAsync()))) {
                assertThat(bytes(second)).containsExactly(4);
            }
            buffer.close();
            pair.theirs().shutdownOutput();
            assertThat(await(pair.ours().receiveAsync())).isNull();
            eventually("all are back", () -> BufferGroup.ofRing(ring()).held() == 0);
        }
    }

    @Test
    void oneReceiveWaitsForABufferOfAnExhaustedGroup() throws IOException {
        BufferGroup group = group(1, 16);
        try (TcpPair first = TcpPair.accepted(ring());
                TcpPair second = TcpPair.accepted(ring())) {
            first.theirs().getOutputStream().write(1);
            second.theirs().getOutputStream().write(2);
            RingFuture<@Nullable ReceivedBuffer> one = new RingFuture<>();
            first.ours().receive(into(group), one);
            ReceivedBuffer held = Objects.requireNonNull(await(one));
            RingFuture<@Nullable ReceivedBuffer> cancelled = new RingFuture<>();
            second.ours().receive(into(group), cancelled);
            onLoop(ring(), () -> null);
            cancelled.cancel(false);
            await(cancelled.released());
            RingFuture<@Nullable ReceivedBuffer> other = new RingFuture<>();
            second.ours().receive(into(group), other);
            onLoop(ring(), () -> null);
            assertThat(other).isNotDone();
            held.close();
            try (ReceivedBuffer buffer = Objects.requireNonNull(await(other))) {
                assertThat(bytes(buffer)).containsExactly(2);
            }
        }
    }

    @Test
    void futuresOfPooledBuffersTellWhatCame() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring());
                RingBuffer lease = ring().bufferPool(64, 1).acquire()) {
            pair.theirs().getOutputStream().write(random(64));
            assertThat(await(pair.ours().receiveFullyAsync(lease))).isEqualTo(64);
            lease.byteBuffer().clear();
            pair.theirs().shutdownOutput();
            assertThat(await(pair.ours().receiveAsync(lease))).isEqualTo(-1);
        }
    }

    @Test
    void optionsThatCannotBeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BufferGroupOptions.builder().count(3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BufferGroupOptions.builder().bufferSize(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BufferGroupOptions.builder()
                        .incremental(true)
                        .bundles(true)
                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IncomingOptions.builder().maxHeld(0));
    }

    @Test
    void groupOfAnotherRingIsRefusedAtOnce() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            BufferGroup other = open(options()).bufferGroup(BufferGroupOptions.defaults());
            assertThatIllegalArgumentException().isThrownBy(() -> pair.ours().incomingStream(into(other)));
            assertThatIllegalArgumentException().isThrownBy(() -> pair.ours().incomingPublisher(into(other)));
        }
    }

    static RingFuture<@Nullable ReceivedBuffer> nextOf(IncomingStream stream) {
        RingFuture<@Nullable ReceivedBuffer> future = new RingFuture<>();
        stream.next(future);
        return future;
    }

    static @Nullable ReceivedBuffer next(IncomingStream stream) {
        return await(nextOf(stream));
    }

    static CompletableFuture<Void> sendAndShutDown(TcpPair pair, byte[] content) {
        return OwnThread.run(() -> {
            try {
                pair.theirs().getOutputStream().write(content);
                pair.theirs().shutdownOutput();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Keeps the bytes and the end, and requests nothing by itself. */
    static final class Subscriber implements Flow.Subscriber<ReceivedBuffer> {
        final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscribed.complete(subscription);
        }

        @Override
        public synchronized void onNext(ReceivedBuffer buffer) {
            content.writeBytes(bytes(buffer));
        }

        synchronized int size() {
            return content.size();
        }

        synchronized byte[] content() {
            return content.toByteArray();
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }
}
