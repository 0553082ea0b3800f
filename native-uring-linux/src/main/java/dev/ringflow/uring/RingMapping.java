package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_SINGLE_MMAP;
import static dev.ringflow.uring.UringConstants.IORING_OFF_CQ_RING;
import static dev.ringflow.uring.UringConstants.IORING_OFF_SQES;
import static dev.ringflow.uring.UringConstants.IORING_OFF_SQ_RING;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE32;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE128;
import static dev.ringflow.uring.UringConstants.MAP_POPULATE;
import static dev.ringflow.uring.UringConstants.MAP_SHARED;
import static dev.ringflow.uring.UringConstants.PROT_READ;
import static dev.ringflow.uring.UringConstants.PROT_WRITE;

import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;

/** The two or three mappings of a ring, with the exact sizes, so that they are undone exactly. */
final class RingMapping {
    private final long sqRingAddress;
    private final long sqRingSize;
    private final long cqRingAddress;
    private final long cqRingSize;
    private final long sqesAddress;
    private final long sqesSize;

    /**
     * Maps a ring. When a mapping fails, those before it are undone; the file descriptor is the caller's.
     *
     * @param fd the ring
     * @param params the kernel's answer
     */
    RingMapping(final int fd, final ByteBuffer params) throws UringException {
        final int flags = params.getInt(ParamsLayout.FLAGS);
        final long sqEntries = params.getInt(ParamsLayout.SQ_ENTRIES);
        final long cqEntries = params.getInt(ParamsLayout.CQ_ENTRIES);
        final long sqSize = params.getInt(ParamsLayout.SQ_ARRAY) + sqEntries * Integer.BYTES;
        final long cqeSize = (flags & IORING_SETUP_CQE32) != 0 ? 2 * Cqe.SIZE : Cqe.SIZE;
        final long cqSize = params.getInt(ParamsLayout.CQ_CQES) + cqEntries * cqeSize;
        final boolean single = (params.getInt(ParamsLayout.FEATURES) & IORING_FEAT_SINGLE_MMAP) != 0;

        sqRingSize = single ? Math.max(sqSize, cqSize) : sqSize;
        cqRingSize = single ? sqRingSize : cqSize;
        sqesSize = sqEntries * ((flags & IORING_SETUP_SQE128) != 0 ? 2 * SqeSlot.SIZE : SqeSlot.SIZE);

        sqRingAddress = map(fd, sqRingSize, IORING_OFF_SQ_RING, "the submission ring");
        try {
            cqRingAddress = single ? sqRingAddress : map(fd, cqRingSize, IORING_OFF_CQ_RING, "the completion ring");
        } catch (final UringException e) {
            LibC.munmap(sqRingAddress, sqRingSize);
            throw e;
        }
        try {
            sqesAddress = map(fd, sqesSize, IORING_OFF_SQES, "the submission entries");
        } catch (final UringException e) {
            unmapRings();
            throw e;
        }
    }

    private static long map(final int fd, final long size, final long offset, final String what) throws UringException {
        final long address = LibC.mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);
        if (address < 0) {
            throw new UringException(
                    (int) -address,
                    "mmap of " + what + " (" + size + " bytes)",
                    "The ring was closed again. Limits of address space (ulimit -v) or of mappings (vm.max_map_count) may"
                            + " be reached.",
                    null);
        }
        return address;
    }

    ByteBuffer sqRing() {
        return Memory.view(sqRingAddress, Math.toIntExact(sqRingSize));
    }

    ByteBuffer cqRing() {
        return Memory.view(cqRingAddress, Math.toIntExact(cqRingSize));
    }

    ByteBuffer sqes() {
        return Memory.view(sqesAddress, Math.toIntExact(sqesSize));
    }

    /** Undoes the mappings. Nothing may hold a view any more. */
    void unmap() {
        LibC.munmap(sqesAddress, sqesSize);
        unmapRings();
    }

    private void unmapRings() {
        if (cqRingAddress != sqRingAddress) {
            LibC.munmap(cqRingAddress, cqRingSize);
        }
        LibC.munmap(sqRingAddress, sqRingSize);
    }
}
