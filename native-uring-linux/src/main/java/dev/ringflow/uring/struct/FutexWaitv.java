package dev.ringflow.uring.struct;

import java.nio.ByteBuffer;

/**
 * One of several futexes to wait for.
 *
 * <pre>{@code
 * struct futex_waitv {
 *     __u64 val;
 *     __u64 uaddr;
 *     __u32 flags;
 *     __u32 __reserved;
 * };
 * }</pre>
 *
 * <p>Source: {@code io_uring_prep_futex_waitv(3)}.
 */
public final class FutexWaitv {
    /** Offset of {@code val}. */
    public static final int VAL = 0;

    /** Offset of {@code uaddr}. */
    public static final int UADDR = 8;

    /** Offset of {@code flags}. */
    public static final int FLAGS = 16;

    /** Offset of {@code __reserved}. */
    public static final int RESERVED = 20;

    /** Size of the struct in bytes. */
    public static final int SIZE = 24;

    private FutexWaitv() {}

    /**
     * Sets a futex to wait for.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins; one of an array begins at a multiple of {@link #SIZE}
     * @param futexAddress address of the futex, aligned to its size; delicate: the kernel's until the wait completes
     * @param value what the futex must hold for the wait to begin
     * @param flags {@code FUTEX2_} flags; {@code FUTEX2_SIZE_U32} is the only size so far
     */
    public static void set(
            final ByteBuffer memory, final int offset, final long futexAddress, final long value, final int flags) {
        memory.putLong(offset + VAL, value);
        memory.putLong(offset + UADDR, futexAddress);
        memory.putInt(offset + FLAGS, flags);
        memory.putInt(offset + RESERVED, 0);
    }

    /**
     * What the futex must hold.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return a value of the futex's size
     */
    public static long value(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + VAL);
    }

    /**
     * Where the futex lies.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return an address
     */
    public static long futexAddress(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + UADDR);
    }

    /**
     * How the futex is waited for.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return {@code FUTEX2_} flags
     */
    public static int flags(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + FLAGS);
    }
}
