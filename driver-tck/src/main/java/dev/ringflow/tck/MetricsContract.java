package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.RingMetrics;
import dev.ringflow.Support;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.BufferPoolOptions;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.spi.OpCode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a ring counts, which has to mean the same whichever driver it has. */
public abstract class MetricsContract extends IncomingFixture {
    /** For subclasses. */
    protected MetricsContract() {}

    /** Numbers that fit each other: nobody counts meanwhile. */
    private static RingMetrics settled(Ring ring) {
        onLoop(ring, () -> null); // a driver may count when it has told
        return onLoop(ring, ring::metrics);
    }

    @Test
    void waitsAreEntersAndEntersAreSystemCalls() {
        RingMetrics before = settled(ring());
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 64)));
        for (int i = 0; i < 50; i++) {
            await(file.readAsync(Bytes.direct(64), 0));
        }
        RingMetrics after = settled(ring());
        assertThat(after.enters()).isGreaterThan(before.enters()).isLessThanOrEqualTo(after.systemCalls());
        assertThat(after.waits()).isGreaterThan(before.waits()).isLessThanOrEqualTo(after.enters());
    }

    @Test
    void operationThatWaitsIsInFlightUntilItIsCancelled() {
        RingServerSocket server = await(ring().listenAsync(loopback()));
        assertThat(settled(ring()).inFlight()).isZero();
        var first = server.acceptAsync();
        var second = server.acceptAsync();
        assertThat(settled(ring()).inFlight()).isEqualTo(2);
        first.cancel(false);
        second.cancel(false);
        eventually("both have ended", () -> ring().metrics().inFlight() == 0);
        assertThat(ring().metrics().cancels()).isEqualTo(2);
    }

    @Test
    void leasesOfPoolsAreBuffersOutAlsoWhenThePoolIsClosed() {
        BufferPool pool = ring().bufferPool(64, 4);
        BufferPool other = ring().bufferPool(BufferPoolOptions.builder()
                .bufferSize(64)
                .slabSize(1)
                .initialSlabs(1)
                .maxSlabs(1)
                .build());
        assertThat(ring().metrics().buffersOut()).isZero();
        RingBuffer first = pool.acquire();
        RingBuffer second = pool.acquire();
        RingBuffer pooled = other.acquire();
        RingBuffer plain = other.acquire();
        assertThat(plain.isPooled()).isFalse();
        assertThat(ring().metrics().buffersOut()).isEqualTo(4);
        first.close();
        plain.close();
        assertThat(ring().metrics().buffersOut()).isEqualTo(2);
        pool.close();
        other.close();
        assertThat(ring().metrics().buffersOut()).isEqualTo(2);
        second.close();
        pooled.close();
        assertThat(ring().metrics().buffersOut()).isZero();
    }

    @Test
    void leaseThatTheKernelHoldsIsOutThoughItsOwnerHasClosedIt() throws IOException {
        BufferPool pool = ring().bufferPool(64, 4);
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingBuffer lease = pool.acquire();
            RingFuture<Integer> receive = pair.ours().receiveAsync(lease);
            lease.close();
            assertThat(settled(ring()).buffersOut()).isOne();
            write(pair, 1);
            await(receive);
            eventually("the kernel lets go", () -> ring().metrics().buffersOut() == 0);
        }
    }

    @Test
    void deliveriesThatAreRetainedAreBuffersOut() throws IOException {
        BufferGroup group = group(8, 16);
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Hoarder hoarder = new Hoarder();
            pair.ours().receiveAll(into(group, 8), hoarder);
            write(pair, 1);
            eventually("it came", () -> hoarder.size() == 1);
            assertThat(settled(ring()).buffersOut()).isOne();
            hoarder.release();
            assertThat(settled(ring()).buffersOut()).isZero();
        }
    }

    @Test
    void streamThatGoesOnAfterAShortageIsArmedAgain() throws IOException {
        BufferGroup group = group(1, 16);
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Hoarder hoarder = new Hoarder();
            pair.ours().receiveAll(into(group, 4), hoarder);
            CompletableFuture<Void> sending = sendAndShutDown(pair, random(160));
            eventually("the only buffer is held", () -> hoarder.size() == 1);
            onLoop(ring(), () -> null);
            long before = settled(ring()).rearms();
            while (!hoarder.end.isDone()) {
                hoarder.release();
                aMoment();
            }
            hoarder.release();
            await(sending);
            assertThat(settled(ring()).rearms()).isGreaterThan(before);
            assertThat(hoarder.content.size()).isEqualTo(160);
        }
    }

    @Test
    void fallbacksAreTheOperationsThatTheCapabilitiesSayAreNotNative() {
        RingMetrics before = settled(ring());
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 64)));
        await(file.readAsync(Bytes.direct(64), 0));
        await(file.syncAsync());
        await(file.closeAsync());
        long expected = List.of(OpCode.OPEN, OpCode.READ, OpCode.SYNC, OpCode.CLOSE).stream()
                .map(ring().capabilities()::support)
                .filter(each -> each != Support.NATIVE)
                .count();
        assertThat(settled(ring()).fallbacks() - before.fallbacks()).isEqualTo(expected);
    }

    @Test
    void numbersOfOneRingAreNotThoseOfAnother() {
        Ring other = open(options());
        long before = settled(other).submitted();
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 64)));
        await(file.readAsync(Bytes.direct(64), 0));
        assertThat(settled(other).submitted()).isEqualTo(before);
        assertThat(other.name()).isNotEqualTo(ring().name());
    }
}
