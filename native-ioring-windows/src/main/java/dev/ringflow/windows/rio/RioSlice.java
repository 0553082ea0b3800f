package dev.ringflow.windows.rio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A part of a {@link RioSlab}: what a request sends from, receives into, or has an address in. One request at a time
 * may use a slice; slices that overlap are the caller's to keep apart.
 */
public final class RioSlice {
    private static final VarHandle PENDING;

    static {
        try {
            PENDING = MethodHandles.lookup().findVarHandle(RioSlice.class, "pending", boolean.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final RioSlab slab;
    private final int offset;
    private final int length;
    private final ByteBuffer buffer;
    private volatile boolean pending;

    RioSlice(final RioSlab slab, final int offset, final int length, final ByteBuffer buffer) {
        this.slab = slab;
        this.offset = offset;
        this.length = length;
        this.buffer = buffer;
    }

    /**
     * The slab that this is a part of.
     *
     * @return the slab
     */
    public RioSlab slab() {
        return slab;
    }

    /**
     * Where the slice begins in its slab.
     *
     * @return bytes
     */
    public int offset() {
        return offset;
    }

    /**
     * The length of the slice.
     *
     * @return bytes
     */
    public int length() {
        return length;
    }

    /**
     * The bytes, to be left alone while a request is in flight. Always the same object, so its position and limit are
     * shared by all who ask; requests do not look at them.
     *
     * @return a direct buffer in native byte order
     */
    public ByteBuffer buffer() {
        return buffer;
    }

    /**
     * The bytes with a position and limit of their own.
     *
     * @return a new view in native byte order
     */
    public ByteBuffer newView() {
        return buffer.duplicate().clear().order(ByteOrder.nativeOrder());
    }

    /**
     * Whether a request in flight uses the slice.
     *
     * @return true until its completion was dequeued
     */
    public boolean isPending() {
        return pending;
    }

    void use() {
        if (!PENDING.compareAndSet(this, false, true)) {
            throw new IllegalStateException(this + " belongs to a request that is in flight");
        }
        try {
            slab.use();
        } catch (final IllegalStateException e) {
            pending = false;
            throw e;
        }
    }

    void letGo() {
        slab.letGo();
        pending = false;
    }

    @Override
    public String toString() {
        return "RioSlice[" + length + " bytes at " + offset + "]";
    }
}
