package dev.ringflow.internal.transfer;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.file.FileHash;
import dev.ringflow.file.TransferOptions;
import dev.ringflow.file.TransferProgress.Phase;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Hashes a file. */
public final class HashRun extends TransferRun<FileHash> {
    private static final long BUDGET = 256L << 20;

    private final Path path;
    private final Origin origin;
    private final ChunkHasher hasher;
    private @Nullable ChunkSlots slots;

    /**
     * Prepares it.
     *
     * @param ring does the work
     * @param path what is hashed
     * @param options how
     * @param callback whom to tell
     */
    public HashRun(Ring ring, Path path, TransferOptions options, RingCallback<FileHash> callback) {
        super(ring, options, callback);
        this.path = Objects.requireNonNull(path, "path");
        this.origin = new Origin(this, path);
        this.hasher = new ChunkHasher(options.hash());
    }

    @Override
    CompletableFuture<FileHash> work() {
        boolean plain = options().plainHash();
        CompletableFuture<@Nullable Void> opened = origin.open(!plain);
        CompletableFuture<Geometry> prepared = then(opened, nothing -> slowly(() -> hasher.prepare(origin.geometry())));
        CompletableFuture<FileHash> hashed = then(
                prepared,
                geometry -> hashChunks(plain ? new PlainHash(this, options().hash()) : null));
        return then(hashed, hash -> origin.requireUnchanged().thenApply(nothing -> hash));
    }

    private CompletableFuture<FileHash> hashChunks(@Nullable PlainHash plain) {
        Geometry geometry = origin.geometry();
        ChunkTable table = new ChunkTable(geometry);
        meter().begin(Phase.MOVING, geometry.size(), geometry.count());
        CompletableFuture<@Nullable Void> read = done();
        if (geometry.count() > 0) {
            skipHoles(table);
            slots = new ChunkSlots(
                    this,
                    ring(),
                    geometry.length(0),
                    geometry.count(),
                    options().depth(),
                    BUDGET,
                    0);
            ChunkSlot.Step hashed = slot -> {
                table.put(slot.index(), slot.hash());
                if (plain == null) {
                    slot.done(1);
                } else {
                    plain.take(slot);
                }
            };
            read = new ChunkPump(
                            this, slots, geometry, table::nextMissing, slot -> origin.readAndHash(slot, hasher, hashed))
                    .start();
        }
        return then(read, nothing -> slowly(() -> hasher.of(table, plain == null ? null : plain.finish())));
    }

    private void skipHoles(ChunkTable table) {
        Geometry geometry = table.geometry();
        for (int i = 0; i < geometry.count(); i++) {
            if (origin.isHole(i)) {
                table.put(i, hasher.zeros(geometry.length(i)));
            }
        }
        if (!table.isEmpty()) {
            meter().done(table.bytes(), table.count());
        }
    }

    @Override
    void interrupt() {
        origin.close();
    }

    @Override
    CompletableFuture<@Nullable Void> release(@Nullable Throwable reason) {
        if (slots != null) {
            slots.close();
        }
        return origin.close().handle((nothing, ignored) -> null);
    }

    @Override
    public String toString() {
        return "The hash of " + path;
    }
}
