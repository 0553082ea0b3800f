package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_SINGLE_MMAP;
import static dev.ringflow.uring.UringConstants.IORING_OFF_CQ_RING;
import static dev.ringflow.uring.UringConstants.IORING_OFF_SQES;
import static dev.ringflow.uring.UringConstants.IORING_OFF_SQ_RING;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE32;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_SQARRAY;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE128;
import static dev.ringflow.uring.UringConstants.MADV_DONTFORK;
import static dev.ringflow.uring.UringConstants.MAP_POPULATE;
import static dev.ringflow.uring.UringConstants.MAP_SHARED;
import static dev.ringflow.uring.UringConstants.PROT_READ;
import static dev.ringflow.uring.UringConstants.PROT_WRITE;

import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a ring: two or three mappings, with the exact sizes, so that they are undone exactly; or memory that the
 * ring was given.
 */
final class RingMapping {
    private final ByteBuffer sqRing;
    private final ByteBuffer cqRing;
    private final ByteBuffer sqes;
    private final boolean single;
    private final @Nullable RingMemory memory;

    private RingMapping(
            final ByteBuffer sqRing,
            final ByteBuffer cqRing,
            final ByteBuffer sqes,
            final @Nullable RingMemory memory) {
        this.sqRing = sqRing;
        this.cqRing = cqRing;
        this.sqes = sqes;
        this.memory = memory;
        single = sqRing == cqRing;
    }

    /** The memory that the application gave. It is kept reachable as long as the ring's objects are. */
    static RingMapping of(final RingMemory memory, final ByteBuffer params) {
        final ByteBuffer rings = memory.rings();
        return new RingMapping(rings, rings, memory.sqes(), memory);
    }

    /**
     * Maps a ring. When a mapping fails, those before it are undone; the file descriptor is the caller's.
     *
     * @param fd the ring
     * @param params the kernel's answer
     */
    static RingMapping of(final int fd, final ByteBuffer params) throws UringException {
        final int flags = params.getInt(ParamsLayout.FLAGS);
        final long sqEntries = params.getInt(ParamsLayout.SQ_ENTRIES);
        final long cqEntries = params.getInt(ParamsLayout.CQ_ENTRIES);
        final boolean hasArray = (flags & IORING_SETUP_NO_SQARRAY) == 0;
        final long sqSize = hasArray ? params.getInt(ParamsLayout.SQ_ARRAY) + sqEntries * Integer.BYTES : 0;
        final long cqeSize = (flags & IORING_SETUP_CQE32) != 0 ? 2 * Cqe.SIZE : Cqe.SIZE;
        final long cqSize = params.getInt(ParamsLayout.CQ_CQES) + cqEntries * cqeSize;
        final boolean single = (params.getInt(ParamsLayout.FEATURES) & IORING_FEAT_SINGLE_MMAP) != 0;
        final long sqesSize = sqEntries * ((flags & IORING_SETUP_SQE128) != 0 ? 2 * SqeSlot.SIZE : SqeSlot.SIZE);

        final ByteBuffer sqRing =
                map(fd, single ? Math.max(sqSize, cqSize) : sqSize, IORING_OFF_SQ_RING, "the submission ring");
        ByteBuffer cqRing = sqRing;
        try {
            cqRing = single ? sqRing : map(fd, cqSize, IORING_OFF_CQ_RING, "the completion ring");
            return new RingMapping(sqRing, cqRing, map(fd, sqesSize, IORING_OFF_SQES, "the submission entries"), null);
        } catch (final UringException e) {
            if (cqRing != sqRing) {
                unmap(cqRing);
            }
            unmap(sqRing);
            throw e;
        }
    }

    private static ByteBuffer map(final int fd, final long size, final long offset, final String what)
            throws UringException {
        final long address = LibC.mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);
        if (address < 0) {
            throw new UringException(
                    (int) -address,
                    "mmap of " + what + " (" + size + " bytes)",
                    "The ring was closed again. Limits of address space (ulimit -v) or of mappings (vm.max_map_count) may"
                            + " be reached.",
                    null);
        }
        return Memory.view(address, Math.toIntExact(size));
    }

    private static void unmap(final ByteBuffer view) {
        LibC.munmap(Memory.address(view), view.capacity());
    }

    ByteBuffer sqRing() {
        return sqRing;
    }

    ByteBuffer cqRing() {
        return cqRing;
    }

    ByteBuffer sqes() {
        return sqes;
    }

    /** Keeps the memory out of forked processes. */
    int dontFork() {
        int result = dontFork(sqes);
        result = result < 0 ? result : dontFork(sqRing);
        return result < 0 || single ? result : dontFork(cqRing);
    }

    private static int dontFork(final ByteBuffer view) {
        return LibC.madvise(Memory.address(view), view.capacity(), MADV_DONTFORK);
    }

    /** Undoes the mappings. Nothing may hold a view any more. */
    void unmap() {
        if (memory != null) {
            memory.release();
        } else {
            unmap(sqes);
            if (!single) {
                unmap(cqRing);
            }
            unmap(sqRing);
        }
    }
}
