package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.MADV_DONTFORK;
import static dev.ringflow.uring.UringConstants.MAP_ANONYMOUS;
import static dev.ringflow.uring.UringConstants.MAP_PRIVATE;
import static dev.ringflow.uring.UringConstants.MAP_SHARED;
import static dev.ringflow.uring.UringConstants.PROT_READ;
import static dev.ringflow.uring.UringConstants.PROT_WRITE;

import dev.ringflow.uring.internal.LibC;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Pages that are mapped twice, one copy of the addresses right behind the other, for rings of bytes in which nothing
 * is ever cut at the end. See memfd_create(2) and mmap(2); since Linux 3.17.
 *
 * <p>{@link #close()} gives the pages back at once. Views are safe in any case: after closing, they show zeroes, never
 * other memory, and never harm the JVM; the addresses are kept as long as a view is reachable. What becomes garbage
 * without being closed is freed when its views are garbage too. Whoever gave the kernel an address keeps this open
 * until the terminal completion.
 *
 * <p>Safe for use by any thread.
 */
public final class MirroredPages implements AutoCloseable {
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int PROT_NONE = 0;
    private static final int MFD_CLOEXEC = 1;
    private static final Cleaner CLEANER = Cleaner.create();
    private static final ByteBuffer NAME = name();

    private final int size;
    private final long address;
    private @Nullable ByteBuffer view;

    private MirroredPages(final long address, final int size) {
        this.address = address;
        this.size = size;
        final ByteBuffer whole = Memory.view(address, 2 * size);
        CLEANER.register(whole, () -> LibC.munmap(address, 2L * size)); // every slice holds the whole
        view = whole;
    }

    private static ByteBuffer name() {
        final byte[] name = "ringflow-mirrored".getBytes(StandardCharsets.US_ASCII);
        return Memory.allocate(name.length + 1, 1).put(0, name);
    }

    /**
     * Maps zeroed pages twice.
     *
     * @param bytes at least so many, at least 1
     * @return open pages, whose size is a multiple of the page size
     * @throws IllegalArgumentException if the size is none, or twice the whole pages are above 2 GiB
     * @throws UringException if the system refuses: file descriptors, memory, the limit of address space (ulimit -v) or
     *     that of mappings (vm.max_map_count) are used up
     */
    public static MirroredPages ofBytes(final int bytes) throws UringException {
        final long size = MemoryRegion.roundUp(bytes, LibC.pageSize());
        if (bytes < 1 || 2 * size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("mirrored pages have 1 byte to less than 1 GiB, not " + bytes);
        }
        final int fd = require(LibC.memfdCreate(Memory.address(NAME), MFD_CLOEXEC), "memfd_create", size);
        try {
            require(LibC.ftruncate(fd, size), "ftruncate of mirrored memory", size);
            return new MirroredPages(map(fd, size), (int) size);
        } finally {
            LibC.close(fd);
        }
    }

    private static long map(final int fd, final long size) throws UringException {
        final long start = LibC.mmap(
                0, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0); // keeps others out
        require(start, "mmap of addresses for mirrored memory", 2 * size);
        try {
            for (long copy = start; copy <= start + size; copy += size) {
                final long mapped = LibC.mmap(copy, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
                require(mapped, "mmap of mirrored memory", size);
            }
        } catch (final UringException e) {
            LibC.munmap(start, 2 * size);
            throw e;
        }
        LibC.madvise(start, 2 * size, MADV_DONTFORK);
        return start;
    }

    private static int require(final long result, final String asked, final long bytes) throws UringException {
        if (result < 0) {
            throw new UringException(
                    (int) -result,
                    asked + " (" + bytes + " bytes)",
                    "File descriptors (ulimit -n), memory, the limit of address space (ulimit -v) or that of mappings"
                            + " (vm.max_map_count) may be used up.",
                    null);
        }
        return (int) result;
    }

    /**
     * The size of one copy.
     *
     * @return bytes
     */
    public int size() {
        return size;
    }

    /**
     * Where the first copy begins; the second is right behind it. Delicate: the caller keeps this reachable and open
     * while the address is used.
     *
     * @return the address
     * @throws IllegalStateException if this is closed
     */
    public long address() {
        buffer();
        return address;
    }

    /**
     * Both copies: index {@code i + size()} is the same byte as index {@code i}.
     *
     * @return a buffer of twice the size in native byte order; always the same, so take slices of it
     * @throws IllegalStateException if this is closed
     */
    public synchronized ByteBuffer buffer() {
        final ByteBuffer open = view;
        if (open == null) {
            throw new IllegalStateException("the mirrored pages are closed");
        }
        return open;
    }

    /**
     * Whether this is closed.
     *
     * @return true after {@link #close()}
     */
    public synchronized boolean isClosed() {
        return view == null;
    }

    /** Gives the pages back to the system and keeps the addresses for those who still look there. */
    @Override
    public synchronized void close() {
        final ByteBuffer whole = view;
        if (whole == null) {
            return;
        }
        view = null;
        final int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE;
        LibC.mmap(address, 2L * size, PROT_READ | PROT_WRITE, flags, -1, 0);
        java.lang.ref.Reference.reachabilityFence(whole); // or the addresses could be unmapped, and somebody else's
    }

    @Override
    public String toString() {
        return "MirroredPages[2 times " + size + " bytes at 0x" + Long.toHexString(address)
                + (isClosed() ? ", closed]" : "]");
    }
}
