package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE32;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE_MIXED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE128;
import static dev.ringflow.uring.UringConstants.MAP_ANONYMOUS;
import static dev.ringflow.uring.UringConstants.MAP_POPULATE;
import static dev.ringflow.uring.UringConstants.MAP_PRIVATE;
import static dev.ringflow.uring.UringConstants.PROT_READ;
import static dev.ringflow.uring.UringConstants.PROT_WRITE;

import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a ring with {@code IORING_SETUP_NO_MMAP}: the entries, then both rings. It is the application's, or a
 * mapping of our own. A mapping is taken away when the ring is closed: the kernel holds its pages as long as it writes to
 * them, and nobody else can get them meanwhile.
 */
final class RingMemory {
    private static final int MAX_ENTRIES = 32768;

    /** More than the kernel's {@code struct io_rings} has before the completion entries. */
    private static final int HEADER = 512;

    private final ByteBuffer memory;
    private final int sqesBytes;
    private final boolean mapped;

    private RingMemory(final ByteBuffer memory, final int sqesBytes, final boolean mapped) {
        this.memory = memory;
        this.sqesBytes = sqesBytes;
        this.mapped = mapped;
    }

    /**
     * Lays a ring out.
     *
     * @param given page-aligned from its position on, as large as {@link #bytes} says; null to map some
     * @return the lay-out, or null when no memory can be mapped
     */
    static @Nullable RingMemory of(final @Nullable ByteBuffer given, final UringParams asked, final int flags) {
        final int sqesBytes = (int) sqesBytes(asked, flags);
        final int needed = Math.toIntExact(bytes(asked, flags));
        if (given == null) {
            final long address =
                    LibC.mmap(0, needed, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
            return address < 0 ? null : new RingMemory(Memory.view(address, needed), sqesBytes, true);
        }
        if (given.remaining() < needed) {
            throw new IllegalArgumentException(
                    "this ring needs " + needed + " bytes of memory, there are " + given.remaining());
        }
        return new RingMemory(given.slice().order(ByteOrder.nativeOrder()), sqesBytes, false);
    }

    /** Takes a mapping of our own away. Nothing may hold a view any more. */
    void release() {
        if (mapped) {
            LibC.munmap(Memory.address(memory), memory.capacity());
        }
    }

    /** How much a ring needs at most, in whole pages. */
    static long bytes(final UringParams asked, final int flags) {
        return sqesBytes(asked, flags) + ringsBytes(asked, flags);
    }

    private static long sqesBytes(final UringParams asked, final int flags) {
        final int size = (flags & IORING_SETUP_SQE128) != 0 ? 2 * SqeSlot.SIZE : SqeSlot.SIZE;
        return pages((long) sqEntries(asked) * size);
    }

    private static long ringsBytes(final UringParams asked, final int flags) {
        final long sqEntries = sqEntries(asked);
        final long cqEntries = asked.cqEntries() > 0 ? powerOfTwo(asked.cqEntries(), 2 * MAX_ENTRIES) : 2 * sqEntries;
        final int cqeSize =
                (flags & (IORING_SETUP_CQE32 | IORING_SETUP_CQE_MIXED)) == IORING_SETUP_CQE32 ? 2 * Cqe.SIZE : Cqe.SIZE;
        return pages(HEADER + cqEntries * cqeSize + sqEntries * Integer.BYTES);
    }

    private static int sqEntries(final UringParams asked) {
        return powerOfTwo(asked.sqEntries(), MAX_ENTRIES);
    }

    private static int powerOfTwo(final int entries, final int maximum) {
        final int bounded = Math.max(1, Math.min(entries, maximum));
        return Integer.highestOneBit(2 * bounded - 1);
    }

    private static long pages(final long bytes) {
        return MemoryRegion.roundUp(bytes, LibC.pageSize());
    }

    /** Tells the kernel where it is. */
    void writeTo(final ByteBuffer params) {
        final long address = Memory.address(memory);
        params.putLong(ParamsLayout.SQ_USER_ADDR, address);
        params.putLong(ParamsLayout.CQ_USER_ADDR, address + sqesBytes);
    }

    ByteBuffer sqes() {
        return memory.slice(0, sqesBytes).order(ByteOrder.nativeOrder());
    }

    ByteBuffer rings() {
        return memory.slice(sqesBytes, memory.capacity() - sqesBytes).order(ByteOrder.nativeOrder());
    }
}
