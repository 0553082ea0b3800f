package dev.ringflow.uring.driver;

import dev.ringflow.spi.SharedMemory;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.UringException;
import dev.ringflow.uring.UringParams;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory that several rings register: pinned once, by a small ring of its own, from whose table the others clone it;
 * see io_uring_clone_buffers(3). It takes a ring of its own because the kernel lets no thread but the owner clone from a
 * ring with {@code IORING_SETUP_SINGLE_ISSUER}. Where the kernel cannot clone into a table that is in use (before
 * Linux 6.13), each ring pins the memory for itself.
 */
final class SharedBuffers implements SharedMemory {
    private static final UringParams UNOWNED = UringParams.of(1).withWishedFlags(0);

    private final ByteBuffer region;
    private final @Nullable Uring source;

    private SharedBuffers(ByteBuffer region, @Nullable Uring source) {
        this.region = region;
        this.source = source;
    }

    /** Whether this kernel clones, found out once. */
    private static final class Cloning {
        static final boolean WORKS = tryIt();

        private static boolean tryIt() {
            ByteBuffer page = Memory.allocate(4096, 4096);
            try (Uring from = Uring.open(UNOWNED);
                    Uring to = Uring.open(UNOWNED)) {
                return from.registerBuffers(page) >= 0
                        && to.registerBuffersSparse(2) >= 0
                        && cloneBuffer(from, to, 1) >= 0;
            } catch (UringException e) {
                return false;
            }
        }
    }

    /** Pins the memory, if that is of use. Any thread. */
    static SharedBuffers of(ByteBuffer region) {
        Uring source = null;
        try {
            source = Cloning.WORKS ? Uring.open(UNOWNED) : null;
        } catch (UringException e) {
            // each ring pins for itself then
        }
        if (source != null && source.registerBuffers(region.duplicate().clear()) < 0) {
            source.close();
            source = null;
        }
        return new SharedBuffers(region, source);
    }

    @Override
    public ByteBuffer region() {
        return region;
    }

    /** Puts the memory into a slot of another ring's table: 0, or the negated errno. On that ring's thread. */
    int cloneTo(Uring ring, int slot) {
        return source == null ? -1 : cloneBuffer(source, ring, slot);
    }

    private static int cloneBuffer(Uring from, Uring to, int slot) {
        return to.cloneBuffersOffset(from.ringFd(), slot, 0, 1, UringConstants.IORING_REGISTER_DST_REPLACE);
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
    }
}
