package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.net.IncomingListener;
import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.IncomingStream;
import dev.ringflow.net.IncomingSubscription;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** All that comes on a connection, in the forms in which it can be taken: every byte, in order, and one end. */
public abstract class IncomingContract extends IncomingFixture {
    /** For subclasses. */
    protected IncomingContract() {}

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
            assertThat(resetOf(second)).isInstanceOf(SocketException.class).hasMessageContaining("reset");
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
    void bufferThatNobodyTookIsThereForWhoeverAsksNext() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            IncomingStream stream = pair.ours().incomingStream();
            CompletableFuture<Boolean> told = new CompletableFuture<>();
            stream.next(new RingCallback<>() {
                @Override
                public boolean completed(@Nullable ReceivedBuffer buffer) {
                    told.complete(buffer != null);
                    return false;
                }

                @Override
                public void failed(Throwable cause) {
                    told.completeExceptionally(cause);
                }
            });
            write(pair, 5);
            assertThat(await(told)).isTrue();
            ReceivedBuffer buffer = Objects.requireNonNull(next(stream));
            assertThat(bytes(buffer)).containsExactly(5);
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
}
