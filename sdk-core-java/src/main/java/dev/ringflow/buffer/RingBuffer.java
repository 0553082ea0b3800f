package dev.ringflow.buffer;

import dev.ringflow.Ring;
import dev.ringflow.spi.MemoryLease;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * A buffer on loan from a {@link BufferPool}. Closing it gives it back; if operations are still in flight on it, the
 * pool hands it out again only after the kernel has let go.
 *
 * <p>Each acquisition is a new object of 24 bytes around memory that is used again: so a lease that was closed stays
 * closed for ever, and whoever kept a reference to it can neither use nor close what the next owner has. What that
 * cannot protect is the {@link ByteBuffer}, which is the same for all owners: do not keep it beyond the lease.
 *
 * <p>The buffer is one person's at a time, as a {@link ByteBuffer} is; closing is safe from any thread.
 */
public final class RingBuffer implements AutoCloseable, MemoryLease {
    private static final VarHandle STATE;
    /** Low half: operations in flight. This bit: the user has it. */
    private static final int USER = 1 << 16;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(RingBuffer.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final BufferSlot slot;
    /** By STATE; plain here, for nobody else sees a lease while it is made. */
    @SuppressWarnings("unused")
    private int state = USER;

    RingBuffer(BufferSlot slot) {
        this.slot = slot;
    }

    /**
     * The memory, as a direct buffer with position and limit of its own. It must not be used after {@link #close()}.
     *
     * @return always the same buffer
     * @throws IllegalStateException if the lease is closed
     */
    public ByteBuffer byteBuffer() {
        requireLeased();
        return slot.bytes;
    }

    /**
     * The index under which the memory is registered.
     *
     * @param ring the ring that will use it
     * @return -1 if it is not registered with that ring, or not yet
     */
    public int registeredIndex(Ring ring) {
        BufferRegion region = slot.region;
        return region == null ? -1 : region.index(ring);
    }

    /**
     * Whether the memory is of a slab of the pool.
     *
     * @return false if all slabs were out, and this is memory that nobody will have again
     */
    public boolean isPooled() {
        return slot.region != null;
    }

    /**
     * Gives the buffer back.
     *
     * @throws IllegalStateException if that was done before
     */
    @Override
    public void close() {
        int before;
        do {
            before = (int) STATE.getVolatile(this);
            if ((before & USER) == 0) {
                throw new IllegalStateException("This lease was closed before: the buffer may be somebody else's now");
            }
        } while (!STATE.compareAndSet(this, before, before & ~USER));
        if (before == USER) {
            slot.pool.takeBack(slot);
        }
    }

    @Override
    public void kernelTakes() {
        int before;
        do {
            before = (int) STATE.getVolatile(this);
            if ((before & USER) == 0) {
                throw new IllegalStateException("This lease is closed: an operation must not use its memory");
            }
        } while (!STATE.compareAndSet(this, before, before + 1));
    }

    @Override
    public void kernelLetsGo() {
        int before = (int) STATE.getAndAdd(this, -1);
        if (before == 1) {
            slot.pool.takeBack(slot);
        }
    }

    private void requireLeased() {
        if (((int) STATE.getAcquire(this) & USER) == 0) {
            throw new IllegalStateException("This lease is closed: the buffer may be somebody else's now");
        }
    }

    @Override
    public String toString() {
        int now = (int) STATE.getVolatile(this);
        return "RingBuffer[" + ((now & USER) == 0 ? "given back" : "leased") + ", " + (now & 0xFFFF) + " in flight, "
                + slot.bytes + "]";
    }
}
