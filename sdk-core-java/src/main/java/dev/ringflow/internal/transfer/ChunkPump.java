package dev.ringflow.internal.transfer;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Sends chunks one after the other into slots as those become idle, until all are through. Loop thread. */
final class ChunkPump {
    private final TransferRun<?> run;
    private final ChunkSlots slots;
    private final Geometry geometry;
    private final IntUnaryOperator following;
    private final ChunkSlot.Step first;
    private final CompletableFuture<@Nullable Void> finished = new CompletableFuture<>();
    private int next;
    private boolean pumping;
    private boolean again;

    /**
     * Prepares it.
     *
     * @param following the first chunk from a number on that is to go through, or -1
     * @param first what happens with each; in the end each is released
     */
    ChunkPump(
            TransferRun<?> run, ChunkSlots slots, Geometry geometry, IntUnaryOperator following, ChunkSlot.Step first) {
        this.run = run;
        this.slots = slots;
        this.geometry = geometry;
        this.following = following;
        this.first = first;
    }

    /** Begins; the future completes when all slots are idle again. */
    CompletableFuture<@Nullable Void> start() {
        next = following.applyAsInt(0);
        slots.whenReleased(this::pump);
        pump();
        return finished;
    }

    private void pump() {
        again = true;
        if (pumping) {
            return;
        }
        pumping = true;
        while (again) {
            again = false;
            fill();
        }
        pumping = false;
        if (slots.allIdle() && (run.hasFailed() || next < 0)) {
            slots.whenReleased(() -> {});
            finish();
        }
    }

    private void finish() {
        try {
            run.throwIfFailed();
            finished.complete(null);
        } catch (Throwable t) {
            finished.completeExceptionally(t);
        }
    }

    private void fill() {
        while (next >= 0 && !run.hasFailed()) {
            ChunkSlot slot = slots.take();
            if (slot == null) {
                return;
            }
            slot.begin(geometry, next);
            next = following.applyAsInt(next + 1);
            try {
                first.take(slot);
            } catch (Throwable t) {
                slots.failed(slot, t);
            }
        }
    }
}
