package dev.ringflow.internal.transfer;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.file.TransferOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Something with a file here and what lands of it there, chunk by chunk.
 *
 * @param <T> what it delivers
 */
abstract class LandingRun<T> extends TransferRun<T> {
    private static final long BUDGET = 256L << 20;

    final Path source;
    final Path requested;
    final Origin origin;
    final ChunkHasher hasher;
    final Landing landing;

    @Nullable
    ChunkSlots slots;

    LandingRun(Ring ring, Path source, Path target, TransferOptions options, RingCallback<T> callback) {
        super(ring, options, callback);
        this.source = Objects.requireNonNull(source, "source");
        this.requested = Objects.requireNonNull(target, "target");
        this.origin = new Origin(this, source);
        this.hasher = new ChunkHasher(options.hash());
        this.landing = new Landing(this, hasher);
    }

    /** Where it lands; not on the loop thread. */
    final Target chooseTarget() throws IOException {
        return Target.choose(source, requested, source.getFileName(), options().overwrite());
    }

    /** Checks what has landed already. */
    final CompletableFuture<@Nullable Void> check() {
        Geometry geometry = origin.geometry();
        ChunkSlots made = new ChunkSlots(
                this, ring(), geometry.length(0), geometry.count(), options().depth(), BUDGET, 0);
        slots = made;
        return landing.check(made);
    }

    /** Lets go of what has landed. */
    abstract CompletableFuture<@Nullable Void> releaseLanding(@Nullable Throwable reason);

    @Override
    final void interrupt() {
        origin.close();
        landing.interrupt();
    }

    @Override
    final CompletableFuture<@Nullable Void> release(@Nullable Throwable reason) {
        if (slots != null) {
            slots.close();
        }
        return origin.close()
                .handle((nothing, ignored) -> releaseLanding(reason))
                .thenCompose(released -> released);
    }
}
