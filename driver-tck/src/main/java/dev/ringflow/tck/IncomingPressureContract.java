package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferGroupOptions;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.net.IncomingListener;
import dev.ringflow.net.IncomingStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Consumers that are slow, and groups that run empty: memory stays bounded, no stream dies, none waits for ever. */
public abstract class IncomingPressureContract extends IncomingFixture {
    private static final int SIZE = 1024;

    /** For subclasses. */
    protected IncomingPressureContract() {}

    // One slow consumer.

    @Test
    void slowConsumerHoldsFewBuffersAndStopsItsPeer() throws IOException {
        BufferGroup group = group(256, SIZE);
        int total = 16 << 20;
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Hoarder slow = new Hoarder();
            pair.ours().receiveAll(into(group, 8), slow);
            byte[] sent = random(total);
            CompletableFuture<Void> sending = sendAndShutDown(pair, sent);
            eventually("it holds what it may", () -> slow.size() >= 8);
            assertNothingMoves(group);
            assertThat(group.held())
                    .as("8, and what came while the cancellation travelled")
                    .isBetween(8, 128);
            assertThat(sending).as("the peer waits for us").isNotDone();
            while (!slow.end.isDone()) {
                slow.release();
                aMoment();
            }
            slow.release();
            await(slow.end);
            await(sending);
            assertThat(slow.content.toByteArray()).isEqualTo(sent);
        }
        eventually("all are back", () -> group.held() == 0);
    }

    /** Until two looks, some time apart, see the same. */
    private static void assertNothingMoves(BufferGroup group) {
        int[] last = {-1};
        eventually("it comes to rest", () -> {
            int now = group.held();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            boolean same = now == last[0] && now == group.held();
            last[0] = now;
            return same;
        });
    }

    @Test
    void subscriberThatRequestsNothingHoldsFewBuffers() throws IOException {
        BufferGroup group = group(256, SIZE);
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Subscriber subscriber = new Subscriber();
            pair.ours().incomingPublisher(into(group, 4)).subscribe(subscriber);
            byte[] sent = random(8 << 20);
            CompletableFuture<Void> sending = sendAndShutDown(pair, sent);
            eventually("some wait", () -> group.held() >= 4);
            assertNothingMoves(group);
            assertThat(group.held()).isBetween(4, 128);
            assertThat(subscriber.size()).isZero();
            await(subscriber.subscribed).request(Long.MAX_VALUE);
            await(subscriber.end);
            await(sending);
            assertThat(subscriber.content()).isEqualTo(sent);
        }
    }

    @Test
    void socketClosedWhileItsStreamIsPausedIsTold() throws IOException {
        BufferGroup group = group(64, 16);
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Hoarder slow = new Hoarder();
            pair.ours().receiveAll(into(group, 1), slow);
            write(pair, 1);
            eventually("it is full", () -> slow.size() == 1);
            onLoop(ring(), () -> null);
            await(pair.ours().closeAsync());
            assertThat(failureOf(slow.end)).isInstanceOf(ClosedChannelException.class);
            slow.release();
        }
    }

    @Test
    void ringClosedWhileAStreamStarvesIsTold() throws IOException {
        Ring ring = open(options());
        BufferGroup group = ring.bufferGroup(
                BufferGroupOptions.builder().count(1).bufferSize(16).build());
        try (TcpPair first = TcpPair.accepted(ring);
                TcpPair second = TcpPair.accepted(ring)) {
            Hoarder hoarder = new Hoarder();
            first.ours().receiveAll(into(group, 4), hoarder);
            write(first, 1);
            eventually("the only buffer is taken", () -> hoarder.size() == 1);
            Collector starving = new Collector();
            second.ours().receiveAll(into(group, 4), starving);
            write(second, 2);
            onLoop(ring, () -> null);
            await(ring.closeAsync());
            assertThat(failureOf(starving.end)).isInstanceOf(IOException.class);
            assertThat(failureOf(hoarder.end)).isInstanceOf(IOException.class);
            assertThat(starving.ends).hasSize(1);
            hoarder.release();
        }
    }

    @Test
    void receivedBuffersAreSentAsTheyAreAndComeBackAfterwards() throws IOException {
        BufferGroup group = group(8, 512);
        byte[] sent = random(2_000_000);
        try (TcpPair pair = TcpPair.accepted(ring())) {
            CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
            pair.ours().receiveAll(into(group, 4), new IncomingListener() {
                private CompletableFuture<?> last = CompletableFuture.completedFuture(0);

                @Override
                public void received(ReceivedBuffer buffer) {
                    RingFuture<Integer> sent = new RingFuture<>();
                    last = sent;
                    pair.ours().sendFully(buffer, sent);
                }

                @Override
                public void ended(@Nullable Throwable failure) {
                    if (failure == null) {
                        last.thenCompose(all -> pair.ours().shutdownOutputAsync())
                                .thenAccept(end::complete);
                    } else {
                        end.completeExceptionally(failure);
                    }
                }
            });
            CompletableFuture<Void> sending = sendAndShutDown(pair, sent);
            byte[] echoed = pair.theirs().getInputStream().readNBytes(sent.length);
            await(sending);
            await(end);
            assertThat(echoed).hasSize(sent.length).isEqualTo(sent);
        }
        eventually("all are back", () -> group.held() == 0);
    }

    // Groups that run empty.

    @Test
    void groupOfOneBufferCarriesABurst() throws IOException {
        BufferGroup group = group(1, 64);
        byte[] sent = random(50_000);
        try (TcpPair pair = TcpPair.accepted(ring())) {
            IncomingStream stream = pair.ours().incomingStream(into(group, 8));
            CompletableFuture<Void> sending = sendAndShutDown(pair, sent);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            for (ReceivedBuffer each = next(stream); each != null; each = next(stream)) {
                content.writeBytes(bytes(each));
            }
            await(sending);
            assertThat(content.toByteArray()).isEqualTo(sent);
        }
    }

    @Test
    void manyStreamsShareFewBuffersAndAllComeToTheirEnd() throws IOException {
        BufferGroup group = group(2, 100);
        List<TcpPair> pairs = new ArrayList<>();
        List<Collector> collectors = new ArrayList<>();
        List<CompletableFuture<Void>> sending = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            TcpPair pair = TcpPair.accepted(ring());
            pairs.add(pair);
            Collector collector = new Collector();
            collectors.add(collector);
            pair.ours().receiveAll(into(group, 4), collector);
            sending.add(sendAndShutDown(pair, random(20_000 + i)));
        }
        for (int i = 0; i < pairs.size(); i++) {
            await(collectors.get(i).end);
            await(sending.get(i));
            assertThat(collectors.get(i).content.toByteArray()).isEqualTo(random(20_000 + i));
            pairs.get(i).close();
        }
        assertThat(group.held()).isZero();
    }

    @Test
    void bufferThatComesBackReachesTheOneThatNeedsItPastThoseThatDoNot() throws IOException {
        BufferGroup group = group(1, 16);
        List<TcpPair> pairs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pairs.add(TcpPair.accepted(ring()));
        }
        Hoarder hoarder = new Hoarder();
        pairs.get(0).ours().receiveAll(into(group, 4), hoarder);
        write(pairs.get(0), 1);
        eventually("the only buffer is taken", () -> hoarder.size() == 1);
        List<Collector> starving = new ArrayList<>();
        for (TcpPair each : pairs.subList(1, 8)) {
            Collector collector = new Collector();
            starving.add(collector);
            each.ours().receiveAll(into(group, 4), collector);
        }
        write(pairs.get(7), 9);
        onLoop(ring(), () -> null);
        assertThat(starving.get(6).size()).isZero();
        hoarder.release();
        eventually("the last in the line has its byte", () -> starving.get(6).size() == 1);
        write(pairs.get(3), 9);
        eventually("another, too", () -> starving.get(2).size() == 1);
        for (TcpPair each : pairs) {
            each.close();
        }
    }

    @Test
    void whoeverStarvesWaitsWithoutSpinning() throws IOException {
        BufferGroup group = group(1, 16);
        try (TcpPair first = TcpPair.accepted(ring());
                TcpPair second = TcpPair.accepted(ring())) {
            Hoarder hoarder = new Hoarder();
            first.ours().receiveAll(into(group, 4), hoarder);
            write(first, 1, 2, 3);
            eventually("the only buffer is taken", () -> hoarder.size() == 1);
            Collector starving = new Collector();
            second.ours().receiveAll(into(group, 4), starving);
            write(second, 2);
            onLoop(ring(), () -> null);
            onLoop(ring(), () -> null);
            long before = ring().metrics().systemCalls();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            assertThat(ring().metrics().systemCalls() - before).isLessThan(20);
            assertThat(starving.size()).isZero();
            long asked = ring().metrics().submitted();
            hoarder.release();
            eventually("it goes on", () -> starving.size() == 1);
            onLoop(ring(), () -> null);
            assertThat(ring().metrics().submitted() - asked)
                    .as("each of the two was asked for once more, or twice")
                    .isLessThanOrEqualTo(4);
        }
    }
}
