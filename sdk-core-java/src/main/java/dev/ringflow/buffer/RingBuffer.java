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

    private final BufferPool pool;
    private final ByteBuffer bytes;

    private volatile int state;

    RingBuffer(BufferPool pool, ByteBuffer bytes) {
        this.pool = pool;
        this.bytes = bytes;
    }

    void leased() {
        bytes.clear();
        state = USER;
    }

    /**
     * The memory, as a direct buffer with position and limit of its own. It must not be used after {@link #close()}.
     *
     * @return always the same buffer
     * @throws IllegalStateException if the lease is closed
     */
    public ByteBuffer byteBuffer() {
        requireLeased();
        return bytes;
    }

    /**
     * The index under which the memory is registered.
     *
     * @param ring the ring that will use it
     * @return -1 if it is not registered with that ring
     */
    public int registeredIndex(Ring ring) {
        return pool.ring() == ring ? pool.registeredIndex() : -1;
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
            before = state;
            if ((before & USER) == 0) {
                throw new IllegalStateException("This lease was closed before: the buffer may be somebody else's now");
            }
        } while (!STATE.compareAndSet(this, before, before & ~USER));
        if (before == USER) {
            pool.takeBack(this);
        }
    }

    @Override
    public void kernelTakes() {
        int before;
        do {
            before = state;
            if ((before & USER) == 0) {
                throw new IllegalStateException("This lease is closed: an operation must not use its memory");
            }
        } while (!STATE.compareAndSet(this, before, before + 1));
    }

    @Override
    public void kernelLetsGo() {
        int before = (int) STATE.getAndAdd(this, -1);
        if (before == 1) {
            pool.takeBack(this);
        }
    }

    private void requireLeased() {
        if ((state & USER) == 0) {
            throw new IllegalStateException("This lease is closed: the buffer may be somebody else's now");
        }
    }

    @Override
    public String toString() {
        int now = state;
        return "RingBuffer[" + ((now & USER) == 0 ? "given back" : "leased") + ", " + (now & 0xFFFF) + " in flight, "
                + bytes + "]";
    }
}
