package dev.ringflow.internal.transfer;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.file.ChunkRange;
import dev.ringflow.file.TransferOptions;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds out which chunks a copy would have to move. */
public final class MissingRun extends LandingRun<List<ChunkRange>> {
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
        super(ring, source, target, options, callback);
    }

    @Override
    CompletableFuture<List<ChunkRange>> work() {
        CompletableFuture<@Nullable Void> opened = origin.open(false);
        CompletableFuture<Optional<Partial>> found = then(
                opened, nothing -> slowly(() -> Optional.ofNullable(Partial.left(chooseTarget(), origin.identity()))));
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
        return then(opened, nothing -> check())
                .thenApply(nothing -> landing.table().missing());
    }

    @Override
    CompletableFuture<@Nullable Void> releaseLanding(@Nullable Throwable reason) {
        return landing.closeAlone().handle((nothing, ignored) -> null);
    }

    @Override
    public String toString() {
        return "The look at what is missing of " + source + " in " + requested;
    }
}
