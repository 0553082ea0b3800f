package dev.ringflow.buffer;

import dev.ringflow.Ring;
import dev.ringflow.RingGroup;
import dev.ringflow.internal.BuffersOut;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Equal buffers cut from slabs of page-aligned memory, registered with the kernel where the driver can and the limit of
 * locked memory allows it; otherwise the same buffers without that advantage. Any thread may acquire and release, in
 * constant time: nobody looks for a free buffer.
 *
 * <h2>Three ways to a buffer</h2>
 *
 * <ul>
 *   <li>{@link #tryAcquire()} has pooled memory or nothing: null when all buffers are out.
 *   <li>{@link #acquire()} has something in any case: plain memory when all buffers are out. A pool without
 *       {@link BufferPoolOptions#fallback() fallback} throws then.
 *   <li>{@link #acquireAsync()} has pooled memory and waits for it, first come, first served. While anybody waits,
 *       buffers that come back are his, and the other two find none.
 * </ul>
 *
 * <p>All three make another slab at the moment when there is no free buffer, as long as the pool may grow: its memory is
 * allocated on the thread that asks.
 *
 * <h2>Registration</h2>
 *
 * <p>The first slabs are one region, each later one is another, and each is registered on the loop thread of each ring:
 * those that the pool begins with before it is returned, except on a loop thread; later ones soon after. A buffer
 * works before that, and without it. Where the kernel refuses, mostly because {@code RLIMIT_MEMLOCK} is used up, the
 * slab remains as plain memory, and each lease of it is counted as a fallback. Linux before 5.19 has one region for all
 * pools of a ring: the first slabs of the first pool; the rest is plain memory. Before 5.13 it is all plain memory:
 * registering would wait for everything in flight. That, and the fallback driver, which registers nothing, do not count.
 *
 * <p>See io_uring_register(2), {@code IORING_REGISTER_BUFFERS2}.
 */
public final class BufferPool implements AutoCloseable {
    private final List<Ring> rings;
    private final BufferPoolOptions options;
    private final Slabs slabs;
    private final FreeSlots free;
    private final WaitingLine waiting = new WaitingLine();
    private final LongAdder fallbacks = new LongAdder();
    private final AtomicInteger plainOut = new AtomicInteger();
    private final BuffersOut buffersOut;
    /** Held here, since {@link BuffersOut} does not hold it. */
    private final BuffersOut.Lender lender = new BuffersOut.Lender() {
        @Override
        public int out() {
            return BufferPool.this.out();
        }

        @Override
        public boolean isClosed() {
            return slabs.isClosed();
        }
    };

    private BufferPool(List<Ring> rings, BufferPoolOptions options) {
        this.rings = rings;
        this.options = options;
        this.slabs = new Slabs(this, rings, options);
        this.free = slabs.free();
        this.buffersOut = BuffersOut.of(rings.get(0));
        buffersOut.add(lender);
    }

    /**
     * Makes a pool of a fixed size: one slab, which does not grow, without fallback, so that {@link #acquire()} throws
     * when all buffers are out. Also as {@link Ring#bufferPool(int, int)}.
     *
     * @param ring the ring whose operations will use it
     * @param bufferSize bytes of each buffer, at least 1
     * @param count how many buffers, at least 1; all of them together at most 1 GiB, the most that the kernel registers
     *     as one
     * @return the pool
     * @throws dev.ringflow.RingClosedException if the ring is closed
     */
    public static BufferPool create(Ring ring, int bufferSize, int count) {
        if (bufferSize < 1 || count < 1 || (long) bufferSize * count > BufferPoolOptions.MAX_REGION) {
            throw new IllegalArgumentException(
                    "A pool needs buffers of at least 1 byte, and all together at most 1 GiB; got " + count + " of "
                            + bufferSize + " bytes");
        }
        return create(
                ring,
                BufferPoolOptions.builder()
                        .bufferSize(bufferSize)
                        .slabSize(count)
                        .initialSlabs(1)
                        .maxSlabs(1)
                        .fallback(false)
                        .build());
    }

    /**
     * Makes a pool; also as {@link Ring#bufferPool(BufferPoolOptions)}.
     *
     * @param ring the ring whose operations will use it
     * @param options sizes and limits
     * @return the pool
     * @throws dev.ringflow.RingClosedException if the ring is closed
     * @throws OutOfMemoryError if there is no memory for the first slabs
     */
    public static BufferPool create(Ring ring, BufferPoolOptions options) {
        return create(List.of(ring), options);
    }

    /**
     * Makes a pool that all rings of a group use: each has its memory registered; also as
     * {@link RingGroup#bufferPool(BufferPoolOptions)}. From Linux 6.13 on the rings after the first take the
     * registration over, so that the memory is pinned and counted once; before, each ring pins it.
     *
     * @param group the group whose operations will use it
     * @param options sizes and limits
     * @return the pool
     * @throws dev.ringflow.RingClosedException if a ring of the group is closed
     * @throws OutOfMemoryError if there is no memory for the first slabs
     */
    public static BufferPool create(RingGroup group, BufferPoolOptions options) {
        return create(group.rings(), options);
    }

    private static BufferPool create(List<Ring> rings, BufferPoolOptions options) {
        BufferPool pool = new BufferPool(rings, options);
        pool.slabs.addInitial();
        return pool;
    }

    // Taking.

    /**
     * Takes a buffer of a slab, empty from 0 to {@link #bufferSize()}. Its content is whatever was left in it. Grows if
     * there is none and the pool may; never waits for anybody to give one back.
     *
     * @return a lease for the caller to close, or null if all are out, or if somebody waits for one already
     * @throws IllegalStateException if the pool is closed
     */
    public @Nullable RingBuffer tryAcquire() {
        BufferSlot slot = waiting.size() == 0 ? free.pop() : null;
        if (slot == null) {
            slot = slabs.grow();
            waiting.serve(free); // whoever joined the line while a slab was made
            if (slot == null) {
                return null;
            }
        }
        return slot.lease();
    }

    /**
     * Takes a buffer. Grows if there is none and the pool may; if it may not, this is plain memory of the same size,
     * with the same alignment, that the garbage collector frees after it was given back. A pool without
     * {@link BufferPoolOptions#fallback() fallback} throws instead.
     *
     * @return a lease for the caller to close
     * @throws IllegalStateException if the pool is closed, or all are out and there is no fallback
     * @throws OutOfMemoryError if there is no plain memory either
     */
    public RingBuffer acquire() {
        RingBuffer pooled = tryAcquire();
        if (pooled != null) {
            return pooled;
        }
        buffersOut.shortOf(this, out());
        if (!options.fallback()) {
            throw new IllegalStateException("All " + count()
                    + " buffers of the pool are out. Close leases that are done with, or make it larger.");
        }
        RingBuffer plain = slabs.plain().lease();
        plainOut.incrementAndGet();
        return plain;
    }

    /**
     * Takes a buffer of a slab, and waits for it if all are out: first come, first served. Whoever cancels the future,
     * or lets it time out, leaves the line; a buffer that was on its way to him goes to the next.
     *
     * @return a future of a lease for the caller to close; completed already if a buffer was free, otherwise completed
     *     on the loop thread of a ring of the pool, the caller's own if he is on one; fails with
     *     {@link IllegalStateException} if the pool is closed
     */
    public CompletableFuture<RingBuffer> acquireAsync() {
        RingBuffer free;
        try {
            free = tryAcquire();
        } catch (IllegalStateException poolClosed) {
            return CompletableFuture.failedFuture(poolClosed);
        }
        if (free != null) {
            return CompletableFuture.completedFuture(free);
        }
        buffersOut.shortOf(this, out());
        WaitingLine.Waiter waiter = waiting.join(ringOfCaller());
        waiting.serve(this.free);
        if (slabs.isClosed()) {
            sendAwayWhoWaits();
        }
        return waiter;
    }

    private Ring ringOfCaller() {
        for (Ring each : rings) {
            if (each.isLoopThread()) {
                return each;
            }
        }
        return rings.get(0);
    }

    // Giving back.

    /** A lease is served from memory that is less than what was asked for. */
    void countFallback() {
        fallbacks.increment();
    }

    /** The last one has let go of a buffer. */
    void takeBack(BufferSlot slot) {
        if (slot.region == null) {
            plainOut.decrementAndGet();
            return;
        }
        free.push(slot);
        if (slabs.isClosed()) {
            slabs.takeOutForGood();
        } else {
            waiting.serve(free);
        }
    }

    /**
     * Ends the pool: nobody is given a buffer any more, and who waits for one is told so. The registration of a slab is
     * given up when the last of its leases is back; the memory lives as long as anybody refers to it. Closing again has
     * no effect.
     */
    @Override
    public void close() {
        slabs.close();
        sendAwayWhoWaits();
        slabs.takeOutForGood();
    }

    private void sendAwayWhoWaits() {
        for (WaitingLine.Waiter next = waiting.next(); next != null; next = waiting.next()) {
            next.poolClosed();
        }
    }

    static IllegalStateException closedException() {
        return new IllegalStateException("The pool is closed");
    }

    // What there is.

    /**
     * The size of each buffer.
     *
     * @return bytes
     */
    public int bufferSize() {
        return options.bufferSize();
    }

    /**
     * How many buffers there are now, free or not, in all slabs.
     *
     * @return the number
     */
    public int count() {
        return slabs.count() * options.slabSize();
    }

    /**
     * How many buffers can be acquired now without making another slab.
     *
     * @return a number that may be out of date when it arrives; 0 when the pool is closed
     */
    public int available() {
        return free.size();
    }

    /**
     * Whether the memory is registered with every ring of the pool.
     *
     * @return false as long as some slab is plain memory
     */
    public boolean isRegistered() {
        return slabs.registered() == slabs.count();
    }

    /**
     * How the pool was set up.
     *
     * @return the options
     */
    public BufferPoolOptions options() {
        return options;
    }

    /**
     * What the pool has and had.
     *
     * @return recent numbers, whose text is made to be read by people
     */
    public BufferPoolStatistics statistics() {
        int slabsNow = slabs.count();
        int buffers = slabsNow * options.slabSize();
        return new BufferPoolStatistics(
                slabsNow,
                options.maxSlabs(),
                slabs.registered(),
                Math.min(buffers, available()),
                buffers,
                fallbacks.sum(),
                waiting.size());
    }

    /** Leases that are out, also of memory outside all slabs, and also after {@link #close()}. */
    private int out() {
        return Math.max(0, count() - free.size() - slabs.takenOut()) + plainOut.get();
    }

    @Override
    public String toString() {
        return "BufferPool[" + available() + "/" + count() + " of " + bufferSize() + " bytes"
                + (isRegistered() ? ", registered" : "") + (slabs.isClosed() ? ", closed]" : "]");
    }
}
