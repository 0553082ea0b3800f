package dev.ringflow.internal.transfer;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.file.FileHash;
import dev.ringflow.file.TransferOptions;
import dev.ringflow.file.TransferProgress.Phase;
import dev.ringflow.file.TransferResult;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Copies a file. */
public final class CopyRun extends LandingRun<TransferResult> {
    private long bytesMoved;
    private long bytesSkipped;

    /**
     * Prepares it.
     *
     * @param ring does the work
     * @param source what is copied
     * @param target name or directory
     * @param options how
     * @param callback whom to tell
     */
    public CopyRun(
            Ring ring, Path source, Path target, TransferOptions options, RingCallback<TransferResult> callback) {
        super(ring, source, target, options, callback);
    }

    @Override
    CompletableFuture<TransferResult> work() {
        CompletableFuture<@Nullable Void> read = origin.open(options().sparse());
        CompletableFuture<Target> chosen = then(read, nothing -> slowly(this::chooseTarget));
        CompletableFuture<@Nullable Void> landed = then(chosen, target -> landing.open(target, origin.identity()));
        CompletableFuture<@Nullable Void> checked =
                then(landed, nothing -> origin.geometry().count() == 0 ? done() : check());
        CompletableFuture<@Nullable Void> moved = then(checked, nothing -> move());
        CompletableFuture<@Nullable Void> unchanged = then(moved, nothing -> origin.requireUnchanged());
        CompletableFuture<FileHash> hashed = then(unchanged, nothing -> slowly(() -> hasher.of(landing.table(), null)));
        return then(
                hashed,
                hash -> landing.finish(
                                slots,
                                origin.stat().permissions(),
                                origin.stat().modified())
                        .thenApply(durable -> new TransferResult(
                                landing.path(),
                                hash,
                                bytesMoved,
                                landing.bytesKept(),
                                bytesSkipped,
                                durable,
                                meter().elapsed())));
    }

    private CompletableFuture<@Nullable Void> move() {
        ChunkTable table = landing.table();
        meter().begin(
                        Phase.MOVING,
                        table.geometry().size() - table.bytes(),
                        table.geometry().count() - table.count());
        if (slots == null) {
            return done();
        }
        skipHoles(table);
        return new ChunkPump(
                        this,
                        slots,
                        table.geometry(),
                        table::nextMissing,
                        slot -> origin.readAndHash(slot, hasher, this::write))
                .start();
    }

    private void skipHoles(ChunkTable table) {
        long bytes = 0;
        long chunks = 0;
        for (int i = table.nextMissing(0); i >= 0; i = table.nextMissing(i + 1)) {
            if (origin.isHole(i) && landing.hole(i)) {
                bytes += table.geometry().length(i);
                chunks++;
            }
        }
        bytesSkipped += bytes;
        if (chunks > 0) {
            meter().done(bytes, chunks);
        }
    }

    private void write(ChunkSlot slot) throws Exception {
        int length = slot.length(); // by then the slot may be at its next chunk
        boolean written = landing.write(slot, through -> through.done(1));
        if (written) {
            bytesMoved += length;
        } else {
            bytesSkipped += length;
        }
    }

    @Override
    CompletableFuture<@Nullable Void> releaseLanding(@Nullable Throwable reason) {
        return landing.release(reason);
    }

    @Override
    void abandon() {
        landing.abandon();
    }

    @Override
    public String toString() {
        return "The copy of " + source + " to " + requested;
    }
}
