package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.MADV_DONTFORK;
import static dev.ringflow.uring.UringConstants.MADV_DONTNEED;
import static dev.ringflow.uring.UringConstants.MADV_HUGEPAGE;
import static dev.ringflow.uring.UringConstants.MAP_ANONYMOUS;
import static dev.ringflow.uring.UringConstants.MAP_PRIVATE;
import static dev.ringflow.uring.UringConstants.PROT_READ;
import static dev.ringflow.uring.UringConstants.PROT_WRITE;

import dev.ringflow.uring.internal.LibC;

/** Pages of the system's, mapped for one {@link Memory}. Safe for use by any thread. */
final class MemoryRegion {
    static final long HUGE_PAGE = 2L << 20;

    private static final int MAP_FIXED = 0x10;
    private static final int MAP_HUGETLB = 0x40000;
    private static final int MAP_HUGE_2MB = 21 << 26;

    private final long address;
    private final long length;
    private final boolean huge;
    private boolean mapped = true;

    private MemoryRegion(final long address, final long length, final boolean huge) {
        this.address = address;
        this.length = length;
        this.huge = huge;
        LibC.madvise(address, length, MADV_DONTFORK);
    }

    /** Whole pages, zeroed; the address is a multiple of the alignment. */
    static MemoryRegion map(final long bytes, final long alignment) {
        final long page = LibC.pageSize();
        final long length = roundUp(bytes, page);
        final long spare = Math.max(0, alignment - page);
        final long start = LibC.mmap(0, length + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (start < 0) {
            throw new OutOfMemoryError("mmap of " + bytes + " bytes: " + Errno.name((int) start)
                    + ". Memory, the limit of address space (ulimit -v) or that of mappings (vm.max_map_count) is used"
                    + " up.");
        }
        final long address = roundUp(start, Math.max(page, alignment));
        if (address > start) {
            LibC.munmap(start, address - start);
        }
        if (start + spare > address) {
            LibC.munmap(address + length, start + spare - address);
        }
        return new MemoryRegion(address, length, false);
    }

    /** Reserved huge pages; without them pages that the kernel may join to huge ones. */
    static MemoryRegion mapHuge(final long bytes) {
        final long length = roundUp(bytes, HUGE_PAGE);
        final int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_HUGE_2MB;
        final long address = LibC.mmap(0, length, PROT_READ | PROT_WRITE, flags, -1, 0);
        if (address > 0) {
            return new MemoryRegion(address, length, true);
        }
        final MemoryRegion region = map(length, HUGE_PAGE);
        LibC.madvise(region.address, length, MADV_HUGEPAGE);
        return region;
    }

    /** To the next multiple of a power of two. */
    static long roundUp(final long value, final long multiple) {
        return value + multiple - 1 & -multiple;
    }

    long address() {
        return address;
    }

    long length() {
        return length;
    }

    boolean isHuge() {
        return huge;
    }

    /** Gives back the pages and the addresses. Does nothing the second time. */
    synchronized void unmap() {
        if (mapped) {
            mapped = false;
            LibC.munmap(address, length);
        }
    }

    /** Gives back the pages and keeps the addresses: who still looks there sees zeroes. */
    synchronized void discard() {
        if (mapped && (huge || LibC.madvise(address, length, MADV_DONTNEED) < 0)) {
            // huge pages (before 5.18) and locked ones cannot be given back by advice
            LibC.mmap(address, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        }
    }
}
