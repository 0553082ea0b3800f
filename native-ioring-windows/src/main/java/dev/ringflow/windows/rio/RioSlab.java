package dev.ringflow.windows.rio;

import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.iocp.WinsockException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Memory that is registered for Registered I/O, and locked: pages of its own ({@link Rio#allocateSlab}), large, and cut
 * into slices by their owner; or somebody else's buffer ({@link Rio#registerMemory}).
 *
 * <p>{@link #close()} is refused while a request in flight uses the slab. After it, pages of its own stay readable as
 * long as a view of them is reachable, and are given back after that; without views, at once. Whoever drops a slab
 * without closing it leaks its pages, or leaves the buffer's locked.
 *
 * <p>Safe for use by any thread.
 */
public final class RioSlab implements AutoCloseable {
    private static final int PAGE = 4096;
    private static final int CLOSED = Integer.MIN_VALUE;

    /** Shared by all slabs; started with the first view. */
    private static final class Cleaning {
        static final Cleaner CLEANER = Cleaner.create();
    }

    /** What is done when the slab is closed, and its views are garbage. Knows nothing of the slab itself. */
    private static final class Pages implements Runnable {
        private final long address;
        private final boolean own;
        private boolean wanted = true;
        private boolean viewed;

        Pages(final long address, final boolean own) {
            this.address = address;
            this.own = own;
        }

        /** The last view is garbage. */
        @Override
        public synchronized void run() {
            viewed = false;
            freeIfUnused();
        }

        synchronized void close() {
            wanted = false;
            freeIfUnused();
        }

        synchronized void view() {
            viewed = true;
        }

        private void freeIfUnused() {
            if (own && !wanted && !viewed) {
                Kernel32.virtualFree(address, 0, Kernel32.MEM_RELEASE);
            }
        }
    }

    private final RioFunctions functions;
    private final Pages pages;
    private final int size;
    private final long id;
    private final AtomicInteger inFlight = new AtomicInteger();
    private @Nullable ByteBuffer root;

    private RioSlab(
            final RioFunctions functions,
            final long address,
            final int size,
            final long id,
            final @Nullable ByteBuffer foreign) {
        this.functions = functions;
        pages = new Pages(address, foreign == null);
        this.size = size;
        this.id = id;
        root = foreign;
    }

    /** Registers all of a direct buffer, whatever its position and limit are; it stays reachable until it is closed. */
    static RioSlab of(final RioFunctions functions, final ByteBuffer memory) throws WinsockException {
        final ByteBuffer whole = memory.duplicate().clear();
        if (whole.capacity() == 0) {
            throw new IllegalArgumentException("memory without bytes cannot be registered");
        }
        final long address = DirectMemory.address(whole);
        final long id = functions.registerBuffer(address, whole.capacity());
        if (id < 0) {
            throw new WinsockException((int) id, "RIORegisterBuffer(" + whole.capacity() + " bytes)");
        }
        return new RioSlab(functions, address, whole.capacity(), id, whole);
    }

    static RioSlab allocate(final RioFunctions functions, final int bytes) throws WinsockException {
        if (bytes < 1 || bytes > Integer.MAX_VALUE - PAGE) {
            throw new IllegalArgumentException("a slab has 1 byte to 2 GiB, not " + bytes);
        }
        final int size = bytes + PAGE - 1 & -PAGE;
        final long address =
                Kernel32.virtualAlloc(0, size, Kernel32.MEM_RESERVE | Kernel32.MEM_COMMIT, Kernel32.PAGE_READWRITE);
        if (address < 0) {
            throw new WinsockException((int) address, "VirtualAlloc(" + size + " bytes)");
        }
        final long id = functions.registerBuffer(address, size);
        if (id < 0) {
            Kernel32.virtualFree(address, 0, Kernel32.MEM_RELEASE);
            throw new WinsockException((int) id, "RIORegisterBuffer(" + size + " bytes)");
        }
        return new RioSlab(functions, address, size, id, null);
    }

    /**
     * The size of the slab.
     *
     * @return bytes, of pages of its own a multiple of the page size
     */
    public int size() {
        return size;
    }

    long id() {
        return id;
    }

    /**
     * Where the slab begins.
     *
     * @return the address
     */
    public long address() {
        return pages.address;
    }

    /** One more request uses the slab. */
    void use() {
        if (inFlight.getAndIncrement() < 0) {
            inFlight.getAndDecrement();
            throw new IllegalStateException("the slab is closed");
        }
    }

    void letGo() {
        inFlight.getAndDecrement();
    }

    /**
     * How many requests in flight use the slab.
     *
     * @return requests; one that uses two slices counts twice
     */
    public int inFlight() {
        return Math.max(0, inFlight.get());
    }

    /**
     * A part of the slab that a request can use. Keep it and use it again: it allocates.
     *
     * @param offset where it begins, in bytes
     * @param length its length in bytes, at least 1
     * @return the slice
     * @throws IndexOutOfBoundsException if it is not within the slab
     * @throws IllegalStateException if the slab is closed
     */
    public RioSlice slice(final int offset, final int length) {
        if (offset < 0 || length < 1 || length > size - offset) {
            throw new IndexOutOfBoundsException(length + " bytes at " + offset + " of a slab of " + size + " bytes");
        }
        return new RioSlice(this, offset, length, view(offset, length));
    }

    private synchronized ByteBuffer view(final int offset, final int length) {
        if (isClosed()) {
            throw new IllegalStateException("the slab is closed");
        }
        ByteBuffer whole = root;
        if (whole == null) {
            whole = DirectMemory.view(pages.address, size);
            pages.view();
            Cleaning.CLEANER.register(whole, pages); // every view holds the whole
            root = whole;
        }
        return whole.slice(offset, length).order(ByteOrder.nativeOrder());
    }

    /**
     * Whether the slab is closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return inFlight.get() < 0;
    }

    /**
     * Deregisters the slab, which unlocks its pages, and gives them back when nobody sees them any more. Does nothing
     * on a closed slab.
     *
     * @throws IllegalStateException if a request in flight uses it: close the socket and take the completions before
     */
    @Override
    public synchronized void close() {
        if (isClosed()) {
            return;
        }
        if (!inFlight.compareAndSet(0, CLOSED)) {
            throw new IllegalStateException(inFlight.get() + " requests in flight use this slab: take their completions"
                    + " before closing it");
        }
        functions.deregisterBuffer(id);
        root = null;
        pages.close();
    }

    @Override
    public String toString() {
        return "RioSlab[" + size + " bytes" + (isClosed() ? ", closed]" : ", " + inFlight() + " in flight]");
    }
}
