package dev.ringflow.internal.transfer;

import dev.ringflow.file.HashAlgorithm;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Hashes a file as one, from chunks that come in any order: each waits in its slot for its turn. Loop thread. */
final class PlainHash {
    private final TransferRun<?> run;
    private final StreamHash hash;
    private final Map<Integer, ChunkSlot> waiting = new HashMap<>();
    private int next;
    private boolean busy;

    PlainHash(TransferRun<?> run, HashAlgorithm algorithm) {
        this.run = run;
        this.hash = StreamHash.of(algorithm);
    }

    /** Takes a slot, which it gives back when its chunk is through. */
    void take(ChunkSlot slot) {
        waiting.put(slot.index(), slot);
        goOn();
    }

    private void goOn() {
        if (busy) {
            return;
        }
        if (run.hasFailed()) {
            giveUp();
            return;
        }
        ChunkSlot slot = waiting.remove(next);
        if (slot == null) {
            return;
        }
        busy = true;
        run.slowly((Callable<@Nullable Void>) () -> {
                    hash.update(slot.content());
                    return null;
                })
                .whenComplete((nothing, failure) -> {
                    busy = false;
                    next++;
                    through(slot);
                    goOn();
                });
    }

    private void through(ChunkSlot slot) {
        try {
            slot.done(1);
        } catch (RuntimeException e) {
            slot.failed(e);
        }
    }

    /** The chunks before those that wait will never come. */
    private void giveUp() {
        var slots = java.util.List.copyOf(waiting.values());
        waiting.clear();
        slots.forEach(ChunkSlot::abandon);
    }

    /** Once all chunks are through; worker thread. */
    byte[] finish() {
        return hash.finish();
    }
}
