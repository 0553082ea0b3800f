package dev.ringflow.buffer;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Equal buffers cut from one page-aligned piece of memory, registered with the kernel where the driver can and the limit
 * of locked memory allows it; otherwise the same buffers without that advantage. Any thread may acquire and release.
 *
 * <p>See io_uring_register(2), {@code IORING_REGISTER_BUFFERS}.
 */
public final class BufferPool implements AutoCloseable {
    private final Ring ring;
    private final int bufferSize;
    private final int count;
    private final int registeredIndex;
    private final Queue<RingBuffer> free;
    private final AtomicBoolean closed = new AtomicBoolean();

    private BufferPool(Ring ring, ByteBuffer arena, int bufferSize, int count, int registeredIndex) {
        this.ring = ring;
        this.bufferSize = bufferSize;
        this.count = count;
        this.registeredIndex = registeredIndex;
        this.free = new MpmcVarHandleArrayQueue<>(Math.max(2, count));
        for (int i = 0; i < count; i++) {
            ByteBuffer slice = arena.slice(i * bufferSize, bufferSize).order(arena.order());
            free.offer(new RingBuffer(this, slice));
        }
    }

    /**
     * Makes a pool; also as {@link Ring#bufferPool}.
     *
     * @param ring the ring whose operations will use it
     * @param bufferSize bytes of each buffer, at least 1
     * @param count how many buffers, at least 1; all of them together at most 1 GiB, the most that the kernel registers
     *     as one
     * @return the pool
     * @throws dev.ringflow.RingClosedException if the ring is closed
     */
    public static BufferPool create(Ring ring, int bufferSize, int count) {
        if (bufferSize < 1 || count < 1 || (long) bufferSize * count > 1 << 30) {
            throw new IllegalArgumentException(
                    "A pool needs buffers of at least 1 byte, and all together at most 1 GiB; got " + count + " of "
                            + bufferSize + " bytes");
        }
        var memory = ring.unsafeDriver().memory();
        ByteBuffer arena = memory.allocate(bufferSize * count, memory.pageSize());
        int index = onLoop(ring, () -> ring.unsafeDriver().registerBuffer(arena));
        return new BufferPool(ring, arena, bufferSize, count, index);
    }

    private interface IntCall {
        int call();
    }

    private static int onLoop(Ring ring, IntCall call) {
        if (ring.isLoopThread()) {
            return call.call();
        }
        CompletableFuture<Integer> result = new CompletableFuture<>();
        try {
            ring.execute(() -> {
                try {
                    result.complete(call.call());
                } catch (Throwable t) {
                    result.completeExceptionally(t);
                }
            });
        } catch (RejectedExecutionException e) {
            throw new RingClosedException("A pool for " + ring + " cannot be made: the ring is closed", e);
        }
        return result.join();
    }

    /**
     * Takes a buffer, empty from 0 to {@link #bufferSize()}. Its content is whatever was left in it.
     *
     * @return a lease for the caller to close, or null if all are out
     * @throws IllegalStateException if the pool is closed
     */
    public @Nullable RingBuffer tryAcquire() {
        if (closed.get()) {
            throw new IllegalStateException("The pool is closed");
        }
        RingBuffer buffer = free.poll();
        if (buffer == null) {
            return null;
        }
        buffer.leased();
        if (closed.get()) { // meanwhile: whoever closed it did not see this one
            buffer.close();
            throw new IllegalStateException("The pool is closed");
        }
        return buffer;
    }

    /**
     * Takes a buffer, and fails if there is none.
     *
     * @return a lease for the caller to close
     * @throws IllegalStateException if all are out, or the pool is closed
     */
    public RingBuffer acquire() {
        RingBuffer buffer = tryAcquire();
        if (buffer == null) {
            throw new IllegalStateException("All " + count
                    + " buffers of the pool are out. Close leases that are done with, or make it larger.");
        }
        return buffer;
    }

    /**
     * The size of each buffer.
     *
     * @return bytes
     */
    public int bufferSize() {
        return bufferSize;
    }

    /**
     * How many buffers there are in all.
     *
     * @return the number
     */
    public int count() {
        return count;
    }

    /**
     * How many buffers can be acquired now.
     *
     * @return a number that may be out of date when it arrives
     */
    public int available() {
        return free.size();
    }

    /**
     * Whether the memory is registered with the kernel.
     *
     * @return false where it is plain memory
     */
    public boolean isRegistered() {
        return registeredIndex >= 0;
    }

    /**
     * Ends the pool. The registration is given up when the last lease is back; the memory lives as long as anybody
     * refers to it. Closing again has no effect.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            unregisterWhenAllAreBack();
        }
    }

    Ring ring() {
        return ring;
    }

    int registeredIndex() {
        return registeredIndex;
    }

    void takeBack(RingBuffer buffer) {
        free.offer(buffer);
        if (closed.get()) {
            unregisterWhenAllAreBack();
        }
    }

    private final AtomicBoolean unregistered = new AtomicBoolean();

    private void unregisterWhenAllAreBack() {
        if (registeredIndex >= 0 && free.size() == count && unregistered.compareAndSet(false, true)) {
            try {
                ring.execute(() -> ring.unsafeDriver().unregisterBuffer(registeredIndex));
            } catch (RejectedExecutionException ringClosed) {
                // a closed ring has no registrations
            }
        }
    }

    @Override
    public String toString() {
        return "BufferPool[" + available() + "/" + count + " of " + bufferSize + " bytes"
                + (isRegistered() ? ", registered" : "") + "]";
    }
}
