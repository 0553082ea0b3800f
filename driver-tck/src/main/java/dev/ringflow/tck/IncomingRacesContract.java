package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.RingFuture;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferGroupOptions;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.net.IncomingListener;
import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.IncomingStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Many connections at once, and much that happens at once: no buffer has two owners, no byte two connections. */
public abstract class IncomingRacesContract extends IncomingFixture {
    /** For subclasses. */
    protected IncomingRacesContract() {}

    // Races.

    @Test
    void heldBuffersNeverHaveTwoOwners() throws IOException {
        BufferGroup group = group(16, 64);
        Random random = new Random(7);
        List<TcpPair> pairs = new ArrayList<>();
        List<Tagged> streams = new ArrayList<>();
        List<CompletableFuture<Void>> sending = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            TcpPair pair = TcpPair.accepted(ring());
            pairs.add(pair);
            Tagged tagged = new Tagged((byte) (i + 1));
            streams.add(tagged);
            pair.ours().receiveAll(into(group, 6), tagged);
            byte[] sent = new byte[30_000];
            java.util.Arrays.fill(sent, (byte) (i + 1));
            sending.add(sendAndShutDown(pair, sent));
        }
        while (streams.stream().anyMatch(each -> !each.ended)) {
            for (Tagged each : streams) {
                each.checkAndReleaseSome(random);
            }
            aMoment();
        }
        for (int i = 0; i < pairs.size(); i++) {
            await(sending.get(i));
            Tagged tagged = streams.get(i);
            tagged.checkAndReleaseAll();
            assertThat(tagged.wrong).as("bytes of another connection").isZero();
            assertThat(tagged.total).isEqualTo(30_000);
            pairs.get(i).close();
        }
        eventually("all are back", () -> group.held() == 0);
    }

    /** Holds buffers for a while, all of whose bytes must be the connection's own all that time. */
    private static final class Tagged implements IncomingListener {
        private final byte tag;
        private final List<ReceivedBuffer> held = new ArrayList<>();
        private int total;
        private int wrong;
        volatile boolean ended;

        Tagged(byte tag) {
            this.tag = tag;
        }

        @Override
        public synchronized void received(ReceivedBuffer buffer) {
            total += buffer.remaining();
            held.add(buffer.retain());
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            ended = true;
        }

        synchronized void checkAndReleaseSome(Random random) {
            held.removeIf(each -> {
                check(each);
                if (random.nextBoolean()) {
                    each.close();
                    return true;
                }
                return false;
            });
        }

        synchronized void checkAndReleaseAll() {
            for (ReceivedBuffer each : held) {
                check(each);
                each.close();
            }
            held.clear();
        }

        private void check(ReceivedBuffer buffer) {
            ByteBuffer bytes = buffer.byteBuffer();
            for (int i = bytes.position(); i < bytes.limit(); i++) {
                if (bytes.get(i) != tag) {
                    wrong++;
                }
            }
        }
    }

    @Test
    void cancellingWhileBytesComeKeepsNoBuffer() throws IOException {
        BufferGroup group = group(32, 128);
        Random random = new Random(3);
        try (TcpPair pair = TcpPair.accepted(ring())) {
            CompletableFuture<Void> sending = OwnThread.run(() -> {
                try {
                    for (int i = 0; i < 4000; i++) {
                        pair.theirs().getOutputStream().write(new byte[300]);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            int begun = 0;
            while (begun < 300 && !sending.isDone()) {
                IncomingStream stream = pair.ours().incomingStream(into(group, 8));
                RingFuture<@Nullable ReceivedBuffer> next = nextOf(stream);
                if (random.nextBoolean()) {
                    outcomeOf(next);
                }
                for (int i = random.nextInt(1000); i > 0; i--) {
                    Thread.onSpinWait();
                }
                stream.close();
                begun++;
            }
            assertThat(begun).isPositive();
            eventually("nothing is held", () -> {
                onLoop(ring(), () -> null);
                return group.held() == 0;
            });
            pair.reset();
            outcomeOf(sending);
        }
    }

    // Storms.

    @Test
    void noByteReachesAnotherConnectionThoughDescriptorsAreUsedAgain() throws IOException {
        var server = await(ring().listenAsync(loopback()));
        List<Collector> ends = java.util.Collections.synchronizedList(new ArrayList<>());
        server.connectionsPublisher().subscribe(new java.util.concurrent.Flow.Subscriber<>() {
            @Override
            public void onSubscribe(java.util.concurrent.Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(dev.ringflow.net.RingSocket socket) {
                Collector collector = new Collector();
                ends.add(collector);
                socket.receiveAll(IncomingOptions.defaults(), collector);
                collector.end.whenComplete((done, failure) -> socket.closeAsync());
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {}
        });
        int storm = 600;
        int resets = 0;
        for (int i = 0; i < storm; i++) {
            SocketChannel client = SocketChannel.open(server.localAddress());
            ByteBuffer identity = ByteBuffer.allocate(4 * (1 + i % 50));
            while (identity.hasRemaining()) {
                identity.putInt(i);
            }
            client.write(identity.flip());
            if (i % 2 == 1) {
                client.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
                resets++;
            }
            client.close();
        }
        assertThat(resets).isEqualTo(storm / 2);
        eventually(
                "those that were not reset came to their end",
                () -> List.copyOf(ends).stream()
                                .filter(each -> each.end.isDone() && !each.end.isCompletedExceptionally())
                                .count()
                        >= storm / 2);
        eventually(
                () -> "all ended; bytes of those that did not: "
                        + List.copyOf(ends).stream()
                                .filter(each -> !each.end.isDone())
                                .map(Collector::size)
                                .toList()
                        + "; " + ring().metrics(),
                () -> List.copyOf(ends).stream().allMatch(each -> each.end.isDone()));
        for (Collector each : List.copyOf(ends)) {
            byte[] content = each.content.toByteArray();
            ByteBuffer bytes = ByteBuffer.wrap(content);
            int identity = content.length < 4 ? -1 : bytes.getInt(0);
            for (int at = 0; at + 4 <= content.length; at += 4) {
                assertThat(bytes.getInt(at)).as("a byte of another connection").isEqualTo(identity);
            }
        }
        await(server.closeAsync());
        assertThat(BufferGroup.ofRing(ring()).held()).isZero();
    }

    // Options of the kernel.

    @Test
    void bundlesAndIncrementalBuffersCarryTheSameBytes() throws IOException {
        for (boolean incremental : new boolean[] {false, true}) {
            BufferGroup group = ring().bufferGroup(BufferGroupOptions.builder()
                    .count(8)
                    .bufferSize(700)
                    .incremental(incremental)
                    .bundles(!incremental)
                    .build());
            byte[] sent = random(300_001);
            for (int i = 0; i < 3; i++) {
                try (TcpPair pair = TcpPair.accepted(ring())) {
                    Hoarder hoarder = new Hoarder();
                    pair.ours().receiveAll(into(group, 5), hoarder);
                    CompletableFuture<Void> sending = sendAndShutDown(pair, sent);
                    while (!hoarder.end.isDone()) {
                        hoarder.release();
                        aMoment();
                    }
                    await(hoarder.end);
                    hoarder.release();
                    await(sending);
                    assertThat(hoarder.content.toByteArray()).isEqualTo(sent);
                }
            }
            eventually("all are back", () -> group.held() == 0);
            group.close();
        }
    }
}
