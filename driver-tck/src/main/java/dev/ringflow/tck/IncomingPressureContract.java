package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferGroupOptions;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.net.IncomingListener;
import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.IncomingStream;
import dev.ringflow.tck.IncomingContract.Collector;
import dev.ringflow.tck.IncomingContract.Subscriber;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Consumers that are slow, and groups that run empty: memory stays bounded, no stream dies, none waits for ever. */
public abstract class IncomingPressureContract extends DriverContract {
    private static final int SIZE = 1024;

    /** For subclasses. */
    protected IncomingPressureContract() {}

    private BufferGroup group(int count, int size) {
        return ring().bufferGroup(BufferGroupOptions.builder()
                .count(count)
                .bufferSize(size)
                .build());
    }

    private static IncomingOptions into(BufferGroup group, int maxHeld) {
        return IncomingOptions.builder().group(group).maxHeld(maxHeld).build();
    }

    /** Retains all that comes. */
    private static final class Hoarder implements IncomingListener {
        final List<ReceivedBuffer> hoard = new ArrayList<>();
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

        @Override
        public synchronized void received(ReceivedBuffer buffer) {
            hoard.add(buffer.retain());
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            if (failure == null) {
                end.complete(null);
            } else {
                end.completeExceptionally(failure);
            }
        }

        synchronized int size() {
            return hoard.size();
        }

        synchronized void release() {
            for (ReceivedBuffer each : hoard) {
                content.writeBytes(IncomingContract.bytes(each));
                each.close();
            }
            hoard.clear();
        }
    }

    private static void write(TcpPair pair, int... content) throws IOException {
        byte[] bytes = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            bytes[i] = (byte) content[i];
        }
        pair.theirs().getOutputStream().write(bytes);
    }

    private static void aMoment() {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
    }

    // One slow consumer.

    @Test
    void slowConsumerHoldsFewBuffersAndStopsItsPeer() throws IOException {
        BufferGroup group = group(256, SIZE);
        int total = 16 << 20;
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Hoarder slow = new Hoarder();
            pair.ours().receiveAll(into(group, 8), slow);
            byte[] sent = IncomingContract.random(total);
            CompletableFuture<Void> sending = IncomingContract.sendAndShutDown(pair, sent);
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
            byte[] sent = IncomingContract.random(8 << 20);
            CompletableFuture<Void> sending = IncomingContract.sendAndShutDown(pair, sent);
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
        byte[] sent = IncomingContract.random(2_000_000);
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
            CompletableFuture<Void> sending = IncomingContract.sendAndShutDown(pair, sent);
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
        byte[] sent = IncomingContract.random(50_000);
        try (TcpPair pair = TcpPair.accepted(ring())) {
            IncomingStream stream = pair.ours().incomingStream(into(group, 8));
            CompletableFuture<Void> sending = IncomingContract.sendAndShutDown(pair, sent);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            for (ReceivedBuffer each = IncomingContract.next(stream);
                    each != null;
                    each = IncomingContract.next(stream)) {
                content.writeBytes(IncomingContract.bytes(each));
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
            sending.add(IncomingContract.sendAndShutDown(pair, IncomingContract.random(20_000 + i)));
        }
        for (int i = 0; i < pairs.size(); i++) {
            await(collectors.get(i).end);
            await(sending.get(i));
            assertThat(collectors.get(i).content.toByteArray()).isEqualTo(IncomingContract.random(20_000 + i));
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
            sending.add(IncomingContract.sendAndShutDown(pair, sent));
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
                RingFuture<@Nullable ReceivedBuffer> next = IncomingContract.nextOf(stream);
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
            byte[] sent = IncomingContract.random(300_001);
            for (int i = 0; i < 3; i++) {
                try (TcpPair pair = TcpPair.accepted(ring())) {
                    Hoarder hoarder = new Hoarder();
                    pair.ours().receiveAll(into(group, 5), hoarder);
                    CompletableFuture<Void> sending = IncomingContract.sendAndShutDown(pair, sent);
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
