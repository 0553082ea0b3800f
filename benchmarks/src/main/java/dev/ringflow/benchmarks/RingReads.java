package dev.ringflow.benchmarks;

import dev.ringflow.Ring;
import dev.ringflow.RingMetrics;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.file.RingFile;
import dev.ringflow.file.RingOpenOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;

/** What reads on a {@link Ring} have in common: rounds on the loop thread, ended from outside. Owns the ring. */
abstract class RingReads implements FileSide {
    private final Ring ring;
    private volatile boolean ending;
    private volatile CompletableFuture<Void> ended = new CompletableFuture<>();
    private long done;
    private int running;

    RingReads(final Ring ring) {
        this.ring = ring;
    }

    final Ring ring() {
        return ring;
    }

    final RingFile openFile(final ReadPlan plan) {
        final OpenOption[] options = plan.direct()
                ? new OpenOption[] {StandardOpenOption.READ, RingOpenOption.DIRECT_IO}
                : new OpenOption[] {StandardOpenOption.READ};
        return ring.openFileAsync(plan.file(), options).join();
    }

    final BufferPool registeredPool(final int count) {
        final BufferPool pool = BufferPool.create(ring, ReadPlan.BLOCK, count);
        if (!pool.isRegistered()) {
            throw new IllegalStateException("the pool could not be registered: is the limit of locked memory too low?");
        }
        return pool;
    }

    @Override
    public final boolean isOurs() {
        return true;
    }

    /** Begins all chains, on the loop thread. */
    abstract void begin();

    /** How many chains there are. */
    abstract int width();

    /** Throws if anything was wrong. */
    abstract void checkRound();

    /** Counts a read; false when its chain is to end. On the loop thread. */
    final boolean goesOn() {
        done++;
        if (!ending) {
            return true;
        }
        if (--running == 0) {
            ended.complete(null);
        }
        return false;
    }

    @Override
    public final FileCost measure(final int millis) throws InterruptedException {
        ended = new CompletableFuture<>();
        ending = false;
        done = 0;
        final RingMetrics before = ring.metrics();
        final Meter meter = new Meter();
        ring.execute(() -> {
            running = width();
            begin();
        });
        Thread.sleep(millis);
        ending = true;
        ended.join();
        final FileCost cost = meter.end(done, ring.metrics().systemCalls() - before.systemCalls());
        checkRound();
        return times(cost);
    }

    /** Adds what else was measured in a round. */
    FileCost times(final FileCost cost) {
        return cost;
    }

    @Override
    public final void close() {
        ring.close();
    }
}
