package dev.ringflow.buffer;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.spi.NativeMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The memory of a pool: free buffers, and slabs that are made when there are none. Any thread. */
final class Slabs {
    private static final System.Logger LOG = System.getLogger("dev.ringflow");

    private final BufferPool pool;
    private final List<Ring> rings;
    private final BufferPoolOptions options;
    private final NativeMemory memory;
    private final FreeSlots free;
    private final ReentrantLock growth = new ReentrantLock();

    /** In the order in which they were made; guarded by growth. */
    private final List<BufferRegion> regions = new ArrayList<>();

    /** Written under growth. */
    private volatile int count;

    private final AtomicInteger takenOut = new AtomicInteger();
    private volatile int most;
    private volatile boolean closed;

    Slabs(BufferPool pool, List<Ring> rings, BufferPoolOptions options) {
        this.pool = pool;
        this.rings = rings;
        this.options = options;
        this.memory = rings.get(0).unsafeDriver().memory();
        this.most = options.maxSlabs();
        this.free = new FreeSlots(options.slabSize(), options.maxSlabs());
    }

    /** Makes the first slabs, and waits until they are registered unless this is a loop thread. */
    void addInitial() {
        long bytes = (long) options.bufferSize() * options.slabSize() * options.initialSlabs();
        int atOnce = bytes <= BufferPoolOptions.MAX_REGION ? options.initialSlabs() : 1;
        boolean mayWait = rings.stream().noneMatch(Ring::isLoopThread);
        growth.lock();
        try {
            while (count < options.initialSlabs()) {
                CompletableFuture<Void> registered = register(add(atOnce, 0));
                if (mayWait || registered.isCompletedExceptionally()) {
                    registered.join();
                }
            }
        } catch (CompletionException e) {
            regions.forEach(BufferRegion::unregister);
            if (e.getCause() instanceof RejectedExecutionException) {
                throw new RingClosedException("A pool for " + rings + " cannot be made: a ring is closed", e);
            }
            throw e;
        } finally {
            growth.unlock();
        }
    }

    /** Under growth. Frees all the slots but those at the beginning that are kept back. */
    private BufferRegion add(int slabs, int keptBack) {
        int bytes = options.bufferSize() * options.slabSize();
        int slots = options.slabSize() * slabs;
        BufferRegion region = new BufferRegion(rings, memory.allocate(bytes * slabs, memory.pageSize()), slabs, slots);
        regions.add(region);
        int first = count;
        for (int i = 0; i < slabs; i++) {
            free.add(first + i, slots(region, first + i, i * bytes));
        }
        count = first + slabs;
        for (int i = slots - 1; i >= keptBack; i--) {
            free.push(free.at(first * options.slabSize() + i));
        }
        return region;
    }

    private BufferSlot[] slots(BufferRegion region, int slab, int offset) {
        BufferSlot[] slots = new BufferSlot[options.slabSize()];
        for (int i = 0; i < slots.length; i++) {
            var bytes = region.slice(offset + i * options.bufferSize(), options.bufferSize());
            slots[i] = new BufferSlot(pool, region, bytes, slab * options.slabSize() + i);
        }
        return slots;
    }

    private CompletableFuture<Void> register(BufferRegion region) {
        return options.registered() ? region.register() : CompletableFuture.completedFuture(null);
    }

    FreeSlots free() {
        return free;
    }

    /** A buffer of a new slab, or one that came back meanwhile; null when there may be no more slabs. */
    @Nullable
    BufferSlot grow() {
        requireOpen();
        if (count >= most) {
            return null;
        }
        growth.lock();
        try {
            requireOpen();
            BufferSlot cameBack = free.pop();
            return cameBack != null || count >= most ? cameBack : growNow();
        } finally {
            growth.unlock();
        }
    }

    private @Nullable BufferSlot growNow() {
        try {
            register(add(1, 1));
        } catch (OutOfMemoryError e) {
            most = count;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A buffer pool stays at " + count + " slabs of " + options.slabSize() + " buffers of "
                            + options.bufferSize() + " bytes: there is no memory for another one. Raise"
                            + " -XX:MaxDirectMemorySize, or give the pool a smaller limit.",
                    e);
            return null;
        }
        return free.at((count - 1) * options.slabSize());
    }

    /** Memory of the same kind that belongs to no slab. */
    BufferSlot plain() {
        int alignment = Math.min(memory.pageSize(), Integer.lowestOneBit(options.bufferSize()));
        return new BufferSlot(pool, null, memory.allocate(options.bufferSize(), alignment), BufferSlot.NO_INDEX);
    }

    boolean isClosed() {
        return closed;
    }

    private void requireOpen() {
        if (closed) {
            throw BufferPool.closedException();
        }
    }

    /** From here on there are no new slabs. */
    void close() {
        growth.lock();
        try {
            closed = true;
        } finally {
            growth.unlock();
        }
    }

    /** Takes what is free now away for good; with the last buffer of a region its registration ends. */
    void takeOutForGood() {
        for (BufferSlot slot = free.pop(); slot != null; slot = free.pop()) {
            takenOut.incrementAndGet();
            BufferRegion region = slot.region;
            if (region != null) {
                region.takeBackForGood();
            }
        }
    }

    int count() {
        return count;
    }

    /** How many buffers were free after the pool was closed. */
    int takenOut() {
        return takenOut.get();
    }

    /** How many slabs every ring has registered. */
    int registered() {
        growth.lock();
        try {
            return regions.stream()
                    .filter(BufferRegion::isRegistered)
                    .mapToInt(BufferRegion::slabs)
                    .sum();
        } finally {
            growth.unlock();
        }
    }
}
