package dev.ringflow.uring;

import com.kenai.jffi.MemoryIO;
import dev.ringflow.uring.internal.LibC;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A block of memory for the kernel to work on, freed when it is closed; and, as static functions, addresses of direct
 * buffers and buffers that the garbage collector frees.
 *
 * <pre>{@code
 * try (Memory block = Memory.ofPages(1 << 20)) {
 *     sqe.prepRead(fd, block.slice(0, 4096), 0);
 *     …
 * }
 * }</pre>
 *
 * <p><b>Blocks.</b> A block has whole pages of its own, so cut many small pieces from one block. {@link #close()} gives
 * the pages back at once. Whoever gave the kernel an address keeps the block open until the terminal completion: after
 * {@link #close()} of a block of which there is no view, the address may be somebody else's. Views are safe in any case:
 * after closing, a view shows zeroes, never other memory, and never harms the JVM; the addresses are kept as long as a
 * view is reachable, and the typed prep methods keep theirs until the completion. A block that becomes garbage without
 * being closed is freed when its views are garbage too; with the system property {@code
 * dev.ringflow.leakDetection=true}, read at each allocation, the logger {@code dev.ringflow.uring} then warns, with the
 * stack trace of the allocation.
 *
 * <p>A child made by {@code fork(2)} does not have the blocks of its parent ({@code MADV_DONTFORK}): no copy on write can
 * come between the parent and pages that the kernel holds. Processes that the JDK starts do not notice.
 *
 * <p><b>Buffers</b> of {@link #allocate}: the memory lives as long as the buffer object is reachable. Whoever hands an
 * address to the kernel keeps the buffer reachable until the request's terminal completion.
 *
 * <p>Safe for use by any thread. Views that are used while another thread closes the block keep the promise above.
 */
public final class Memory implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());
    private static final String LEAK_DETECTION = "dev.ringflow.leakDetection";

    /** Shared by all blocks; started with the first. */
    private static final class Cleaning {
        static final Cleaner CLEANER = Cleaner.create();
        static final System.Logger LOG = System.getLogger("dev.ringflow.uring");
    }

    /** What is done when a block is garbage. Knows nothing of the block itself. */
    private static final class Leftover implements Runnable {
        private final MemoryRegion region;
        private final @Nullable Throwable allocation;
        private volatile boolean viewed;
        private volatile boolean closed;

        Leftover(final MemoryRegion region) {
            this.region = region;
            allocation = Boolean.getBoolean(LEAK_DETECTION) ? new Throwable("allocated here") : null;
        }

        @Override
        public void run() {
            if (closed) {
                return;
            }
            if (!viewed) {
                region.unmap();
            }
            if (allocation != null) {
                Cleaning.LOG.log(
                        System.Logger.Level.WARNING,
                        "A block of " + region.length() + " bytes became garbage without being closed. Close it, for"
                                + " example by try-with-resources.",
                        allocation);
            }
        }
    }

    private final MemoryRegion region;
    private final int size;
    private final Leftover leftover;
    private final Cleaner.Cleanable cleanable;
    private @Nullable ByteBuffer root;

    private Memory(final MemoryRegion region, final int size) {
        this.region = region;
        this.size = size;
        leftover = new Leftover(region);
        cleanable = Cleaning.CLEANER.register(this, leftover);
    }

    /**
     * Allocates a zeroed block.
     *
     * @param bytes its size, at least 1
     * @param alignment the address is a multiple of this power of two, and of the page size
     * @return an open block of exactly that size
     * @throws IllegalArgumentException if the size or the alignment is none
     * @throws OutOfMemoryError if the system gives no memory
     */
    public static Memory ofBytes(final int bytes, final int alignment) {
        requireAlignment(alignment);
        return new Memory(MemoryRegion.map(requirePositive(bytes), alignment), bytes);
    }

    /**
     * Allocates a zeroed block of whole pages.
     *
     * @param bytes at least so many, at least 1
     * @return an open block, whose size is a multiple of the page size
     * @throws IllegalArgumentException if the size is none, or with whole pages above 2 GiB
     * @throws OutOfMemoryError if the system gives no memory
     */
    public static Memory ofPages(final int bytes) {
        final int size = wholePages(bytes, LibC.pageSize());
        return new Memory(MemoryRegion.map(size, 1), size);
    }

    /**
     * Allocates a zeroed block of huge pages of 2 MiB: from those that the system has reserved ({@code vm.nr_hugepages});
     * when there are not enough, of usual pages, aligned so that the kernel may join them to huge ones.
     *
     * @param bytes at least so many, at least 1
     * @return an open block, whose size and address are multiples of 2 MiB; {@link #isHugePage()} tells which it is
     * @throws IllegalArgumentException if the size is none, or with whole pages above 2 GiB
     * @throws OutOfMemoryError if the system gives no memory
     */
    public static Memory ofHugePages(final int bytes) {
        final int size = wholePages(bytes, MemoryRegion.HUGE_PAGE);
        return new Memory(MemoryRegion.mapHuge(size), size);
    }

    private static int requirePositive(final int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes: " + bytes);
        }
        return bytes;
    }

    private static int wholePages(final int bytes, final long page) {
        final long size = MemoryRegion.roundUp(requirePositive(bytes), page);
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a block has less than 2 GiB, not " + size + " bytes");
        }
        return (int) size;
    }

    private static void requireAlignment(final int alignment) {
        if (Integer.bitCount(alignment) != 1 || alignment < 0) {
            throw new IllegalArgumentException("alignment must be a power of two: " + alignment);
        }
    }

    private void requireOpen() {
        if (leftover.closed) {
            throw new IllegalStateException("the memory is closed");
        }
    }

    /**
     * Where the block begins. Delicate: the caller keeps the block reachable and open while the address is used.
     *
     * @return the address
     * @throws IllegalStateException if the block is closed
     */
    public long address() {
        requireOpen();
        return region.address();
    }

    /**
     * The size of the block.
     *
     * @return bytes
     */
    public int size() {
        return size;
    }

    /**
     * A view of the whole block.
     *
     * @return a buffer in native byte order, with a position and limit of its own
     * @throws IllegalStateException if the block is closed
     */
    public ByteBuffer buffer() {
        return slice(0, size);
    }

    /**
     * A view of a part of the block.
     *
     * @param offset where it begins, in bytes
     * @param length its length in bytes
     * @return a buffer in native byte order, with a position and limit of its own
     * @throws IllegalStateException if the block is closed
     * @throws IndexOutOfBoundsException if the part is not within the block
     */
    public synchronized ByteBuffer slice(final int offset, final int length) {
        requireOpen();
        ByteBuffer whole = root;
        if (whole == null) {
            whole = view(region.address(), size);
            leftover.viewed = true;
            Cleaning.CLEANER.register(whole, region::unmap); // every slice holds the whole
            root = whole;
        }
        return whole.slice(offset, length).order(ByteOrder.nativeOrder());
    }

    /**
     * Writes the same byte everywhere.
     *
     * @param value the byte
     * @throws IllegalStateException if the block is closed
     */
    public void fill(final byte value) {
        final ByteBuffer all = buffer();
        final byte[] chunk = new byte[Math.min(size, 8192)];
        Arrays.fill(chunk, value);
        while (all.hasRemaining()) {
            all.put(chunk, 0, Math.min(chunk.length, all.remaining()));
        }
    }

    /**
     * Whether the block consists of reserved huge pages.
     *
     * @return true for such; false for usual pages, which the kernel may still join
     */
    public boolean isHugePage() {
        return region.isHuge();
    }

    /**
     * Whether the block is closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return leftover.closed;
    }

    /** Gives the pages back to the system. Does nothing on a closed block. */
    @Override
    public synchronized void close() {
        if (leftover.closed) {
            return;
        }
        leftover.closed = true;
        if (root == null) {
            region.unmap();
        } else {
            region.discard();
            root = null;
        }
        cleanable.clean();
    }

    @Override
    public String toString() {
        return "Memory[" + size + " bytes at 0x" + Long.toHexString(region.address()) + (isHugePage() ? ", huge" : "")
                + (isClosed() ? ", closed]" : "]");
    }

    /**
     * The address of a direct buffer's index 0, whatever its position. Takes some 10 ns: keep the address of a buffer
     * that is used often.
     *
     * @param direct a direct buffer; a slice has an address of its own
     * @return the address of index 0
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public static long address(final ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("the kernel can use direct buffers only, this one is on the heap");
        }
        return MemoryIO.getInstance().getDirectBufferAddress(direct);
    }

    /**
     * Allocates zeroed memory in native byte order, freed by the garbage collector when the buffer and all its slices
     * are unreachable.
     *
     * @param bytes capacity
     * @param alignment the address is a multiple of this power of two; 1 when it does not matter
     * @return a direct buffer of exactly that capacity
     * @throws IllegalArgumentException if {@code bytes} is negative or {@code alignment} not a power of two
     */
    public static ByteBuffer allocate(final int bytes, final int alignment) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: " + bytes);
        }
        requireAlignment(alignment);
        final ByteBuffer whole = ByteBuffer.allocateDirect(Math.addExact(bytes, alignment - 1));
        final int start = alignment == 1 ? 0 : -(int) address(whole) & (alignment - 1);
        return whole.slice(start, bytes).order(ByteOrder.nativeOrder());
    }

    /** A view of native memory that this buffer does not own: whoever frees the memory first takes the view away. */
    static ByteBuffer view(final long address, final int bytes) {
        return MemoryIO.getInstance().newDirectByteBuffer(address, bytes).order(ByteOrder.nativeOrder());
    }

    /** What a closed ring's entries and queues point to: any access is an exception, none reaches memory. */
    static ByteBuffer nothing() {
        return NOTHING;
    }
}
