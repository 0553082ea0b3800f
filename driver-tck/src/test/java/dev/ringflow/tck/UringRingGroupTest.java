package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.RingGroup;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.BufferPoolOptions;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.UringParams;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

final class UringRingGroupTest extends RingGroupContract {
    @Override
    protected String driverName() {
        return "uring";
    }

    @Override
    protected boolean registersMany() {
        try (Uring raw = Uring.open(UringParams.of(1))) {
            return raw.registerBuffersSparse(8) >= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By the kernel's own answer. */
    private static boolean clonesSingleBuffers() throws IOException {
        try (Uring from = Uring.open(UringParams.of(1));
                Uring to = Uring.open(UringParams.of(1))) {
            return from.registerBuffers(Memory.allocate(4096, 4096)) >= 0
                    && to.registerBuffersSparse(4) >= 0
                    && to.cloneBuffersOffset(from, 2, 0, 1, UringConstants.IORING_REGISTER_DST_REPLACE) >= 0;
        }
    }

    @Test
    void arenaIsPinnedOnceForAllRings() throws IOException {
        assumeTrue(clonesSingleBuffers(), "this kernel clones no part of a table, so each ring pins the arena");
        long bytes = 4L << 20;
        try (RingGroup group = RingGroup.open(options().build(), 3)) {
            long before = PoolContract.pinned();
            try (BufferPool pool = group.bufferPool(BufferPoolOptions.defaults())) {
                assertThat(pool.isRegistered()).isTrue();
                assertThat(PoolContract.pinned() - before).isLessThanOrEqualTo(bytes);
            }
            eventually(() -> before + " were pinned before, now " + pinnedNow(), () -> pinnedNow() <= before);
        }
    }

    private static long pinnedNow() {
        try {
            return PoolContract.pinned();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
