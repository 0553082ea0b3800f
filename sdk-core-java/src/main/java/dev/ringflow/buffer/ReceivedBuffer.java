package dev.ringflow.buffer;

import dev.ringflow.spi.MemoryLease;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * Bytes that were received, in a buffer of a {@link BufferGroup}.
 *
 * <p><b>Valid</b> while it is being delivered: until the listener, {@code onNext} or the collector has returned, or the
 * next buffer of the stream is asked for. Whoever wants it longer calls {@link #retain()} meanwhile, and {@link #close()}
 * when done with it. What is held does not receive: a group of which everything is held receives nothing until something
 * comes back.
 *
 * <p>It can be sent as it is: the memory comes back when both the user and the kernel have let go of it, so that a buffer
 * that is being sent needs no {@link #retain()}.
 *
 * <p>Each delivery is a new object of 24 bytes around memory that is used again: whoever keeps a reference to it beyond
 * its time can neither use nor close what the next owner has. What that cannot protect is the {@link ByteBuffer}: do not
 * keep it.
 *
 * <p>One person's at a time, as a {@link ByteBuffer} is; {@link #close()} is safe from any thread.
 */
public final class ReceivedBuffer implements AutoCloseable, MemoryLease {
    private static final VarHandle STATE;
    /** Low half: operations in flight. This bit: the user has retained it. */
    private static final int RETAINED = 1 << 16;

    /** It is being delivered. */
    private static final int LENT = 1 << 17;

    private static final int OWNED = RETAINED | LENT;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(ReceivedBuffer.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ReceivedSlot slot;
    /** By STATE; plain here, for nobody else sees it while it is made. */
    @SuppressWarnings("unused")
    private int state = LENT;

    ReceivedBuffer(ReceivedSlot slot) {
        this.slot = slot;
    }

    /**
     * The bytes, as a direct buffer: from its position to its limit. The memory is the group's; it must not be used when
     * this is no longer valid.
     *
     * @return always the same buffer, with position 0 at first, in the order of bytes of networks (big-endian)
     * @throws IllegalStateException if this is no longer valid
     */
    public ByteBuffer byteBuffer() {
        if (((int) STATE.getAcquire(this) & OWNED) == 0) {
            throw goneException();
        }
        return slot.bytes();
    }

    /**
     * What remains to be read of it.
     *
     * @return bytes
     * @throws IllegalStateException if this is no longer valid
     */
    public int remaining() {
        return byteBuffer().remaining();
    }

    /**
     * Keeps it beyond its delivery, until {@link #close()}.
     *
     * @return this
     * @throws IllegalStateException if it is no longer valid, or retained already
     */
    public ReceivedBuffer retain() {
        int before;
        do {
            before = (int) STATE.getVolatile(this);
            if ((before & OWNED) == 0) {
                throw goneException();
            }
            if ((before & RETAINED) != 0) {
                throw new IllegalStateException("This buffer is retained already: it has one owner");
            }
        } while (!STATE.compareAndSet(this, before, before | RETAINED));
        return this;
    }

    /**
     * Gives the buffer back: one that was retained, or one that is being delivered, ahead of time.
     *
     * @throws IllegalStateException if that was done before, or the time of a buffer that was not retained is over
     */
    @Override
    public void close() {
        if (!release(OWNED)) {
            throw goneException();
        }
    }

    /** Ends the delivery. Without effect if the buffer was closed meanwhile. For layers built on the ring. */
    public void delivered() {
        release(LENT);
    }

    /** Takes bits away, and gives the buffer back when nothing is left; false if no such bit was set. */
    private boolean release(int bits) {
        int before;
        do {
            before = (int) STATE.getVolatile(this);
            if ((before & bits) == 0) {
                return false;
            }
        } while (!STATE.compareAndSet(this, before, before & ~bits));
        if ((before & ~bits) == 0) {
            slot.giveBack();
        }
        return true;
    }

    @Override
    public void kernelTakes() {
        int before;
        do {
            before = (int) STATE.getVolatile(this);
            if ((before & OWNED) == 0) {
                throw goneException();
            }
        } while (!STATE.compareAndSet(this, before, before + 1));
    }

    @Override
    public void kernelLetsGo() {
        int before = (int) STATE.getAndAdd(this, -1);
        if (before == 1) {
            slot.giveBack();
        }
    }

    private static IllegalStateException goneException() {
        return new IllegalStateException(
                "This buffer was given back: its delivery is over and it was not retained, or it"
                        + " was closed before. Its memory may be somebody else's now.");
    }

    @Override
    public String toString() {
        int now = (int) STATE.getVolatile(this);
        String owner = (now & RETAINED) != 0 ? "retained" : (now & LENT) != 0 ? "being delivered" : "given back";
        return "ReceivedBuffer[" + owner + ", " + (now & 0xFFFF) + " in flight]";
    }
}
