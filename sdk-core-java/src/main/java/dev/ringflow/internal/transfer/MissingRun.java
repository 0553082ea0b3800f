package dev.ringflow.internal.transfer;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.file.ChunkRange;
import dev.ringflow.file.TransferOptions;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds out which chunks a copy would have to move. */
public final class MissingRun extends TransferRun<List<ChunkRange>> {
    private static final long BUDGET = 256L << 20;

    private final Path source;
    private final Path requested;
    private final Origin origin;
    private final ChunkHasher hasher;
    private final Landing landing;
    private @Nullable ChunkSlots slots;

    /**
     * Prepares it.
     *
     * @param ring does the work
     * @param source what would be copied
     * @param target name or directory
     * @param options how it would be copied
     * @param callback whom to tell
     */
    public MissingRun(
            Ring ring, Path source, Path target, TransferOptions options, RingCallback<List<ChunkRange>> callback) {
        super(ring, options, callback);
        this.source = Objects.requireNonNull(source, "source");
        this.requested = Objects.requireNonNull(target, "target");
        this.origin = new Origin(this, source);
        this.hasher = new ChunkHasher(options.hash());
        this.landing = new Landing(this, hasher);
    }

    @Override
    CompletableFuture<List<ChunkRange>> work() {
        CompletableFuture<@Nullable Void> opened = origin.open(false);
        CompletableFuture<Optional<Partial>> found = then(
                opened,
                nothing -> slowly(() -> {
                    Target target = Target.choose(
                            source, requested, source.getFileName(), options().overwrite());
                    return Optional.ofNullable(Partial.left(target, origin.identity()));
                }));
        return then(
                found,
                left -> left.isEmpty()
                        ? CompletableFuture.completedFuture(new ChunkTable(origin.geometry()).missing())
                        : look(left.get()));
    }

    private CompletableFuture<List<ChunkRange>> look(Partial left) {
        CompletableFuture<@Nullable Void> opened = Opening.of(
                        ring(), left.part(), options().directIo(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)
                .thenApply(opening -> {
                    landing.lookAt(left, opening);
                    return null;
                });
        return then(opened, nothing -> {
                    Geometry geometry = origin.geometry();
                    ChunkSlots made = new ChunkSlots(
                            this,
                            ring(),
                            geometry.length(0),
                            geometry.count(),
                            options().depth(),
                            BUDGET,
                            0);
                    slots = made;
                    return landing.check(made);
                })
                .thenApply(nothing -> landing.table().missing());
    }

    @Override
    void interrupt() {
        origin.close();
        landing.interrupt();
    }

    @Override
    CompletableFuture<@Nullable Void> release(@Nullable Throwable reason) {
        if (slots != null) {
            slots.close();
        }
        return origin.close()
                .handle((nothing, ignored) -> landing.closeAlone())
                .thenCompose(closed -> closed)
                .handle((nothing, ignored) -> null);
    }

    @Override
    public String toString() {
        return "The look at what is missing of " + source + " in " + requested;
    }
}
