package dev.ringflow.internal.transfer;

import dev.ringflow.Ring;
import dev.ringflow.buffer.BufferPool;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** As many slots as there may be chunks on their way. Loop thread. */
final class ChunkSlots {
    private static final Runnable NOTHING = () -> {};

    private final TransferRun<?> run;
    private final BufferPool pool;
    private final ArrayDeque<ChunkSlot> idle = new ArrayDeque<>();
    private final int count;
    private Runnable whenReleased = NOTHING;

    /**
     * Allocates the buffers, registered if that can be had.
     *
     * @param largest the longest chunk, in bytes
     * @param budget bytes that all buffers may take together, if that allows at least one
     * @param base room before each chunk, a multiple of a block
     */
    ChunkSlots(TransferRun<?> run, Ring ring, int largest, int chunks, int depth, long budget, int base) {
        int block = ChunkSlot.BLOCK;
        int size = base + Math.max(1, (largest + block - 1) / block) * block;
        this.run = run;
        this.count = (int) Math.max(1, Math.min(Math.min(chunks, depth), budget / size));
        this.pool = ring.bufferPool(size, count);
        for (int i = 0; i < count; i++) {
            idle.add(new ChunkSlot(run, this, pool.acquire(), base));
        }
    }

    /** Whom to tell when a slot has become idle. */
    void whenReleased(Runnable task) {
        whenReleased = task;
    }

    @Nullable
    ChunkSlot take() {
        return idle.poll();
    }

    /** The slot is done with its chunk. */
    void release(ChunkSlot slot) {
        idle.push(slot);
        whenReleased.run();
    }

    /** The slot is done with its chunk, which came to nothing. */
    void failed(ChunkSlot slot, Throwable reason) {
        run.fail(reason);
        release(slot);
    }

    boolean allIdle() {
        return idle.size() == count;
    }

    /** Once all are idle. */
    void close() {
        idle.forEach(ChunkSlot::giveBack);
        idle.clear();
        try {
            pool.close();
        } catch (IllegalStateException ringClosed) {
            // a closed ring has no registrations
        }
    }
}
