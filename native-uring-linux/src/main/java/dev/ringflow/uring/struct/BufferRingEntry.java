package dev.ringflow.uring.struct;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A buffer in a ring of provided buffers, and the ring's tail, which lies in the unused bytes of the first one.
 *
 * <pre>{@code
 * struct io_uring_buf {
 *     __u64 addr;
 *     __u32 len;
 *     __u16 bid;
 *     __u16 resv;   // of the first: the tail
 * };
 * }</pre>
 *
 * <p>Source: {@code io_uring_register_buf_ring(3)}, {@code io_uring_buf_ring_add(3)}.
 */
public final class BufferRingEntry {
    /** Offset of {@code addr}. */
    public static final int ADDR = 0;

    /** Offset of {@code len}. */
    public static final int LEN = 8;

    /** Offset of {@code bid}. */
    public static final int BID = 12;

    /** Offset of the ring's tail, from the beginning of the ring. */
    public static final int TAIL = 14;

    /** Size of the struct in bytes. */
    public static final int SIZE = 16;

    private static final VarHandle SHORT =
            MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.nativeOrder());

    private BufferRingEntry() {}

    /**
     * {@code io_uring_buf_ring_add(3)}: writes an entry behind the tail, where the kernel does not see it before
     * {@link #advance}.
     *
     * @param ring the ring's memory, in native byte order
     * @param address the buffer; delicate: the kernel's until a completion carries its id
     * @param length its length in bytes
     * @param bid its id, 0 to 65535
     * @param mask the ring's entries minus one
     * @param offset how many were added since the last {@link #advance}
     */
    public static void add(
            final ByteBuffer ring,
            final long address,
            final int length,
            final int bid,
            final int mask,
            final int offset) {
        final int entry = (tail(ring) + offset & mask) * SIZE;
        ring.putLong(entry + ADDR, address);
        ring.putInt(entry + LEN, length);
        ring.putShort(entry + BID, (short) bid);
    }

    /**
     * {@code io_uring_buf_ring_advance(3)}: gives the kernel the entries that were added.
     *
     * @param ring the ring's memory, in native byte order
     * @param count how many
     */
    public static void advance(final ByteBuffer ring, final int count) {
        setTail(ring, tail(ring) + count);
    }

    /**
     * The tail, which only the application writes.
     *
     * @param ring the ring's memory, in native byte order
     * @return 0 to 65535
     */
    public static int tail(final ByteBuffer ring) {
        return Short.toUnsignedInt(ring.getShort(TAIL));
    }

    /**
     * Publishes a tail, after all that was written before it.
     *
     * @param ring the ring's memory, in native byte order, aligned to two bytes
     * @param tail the lower 16 bits count
     */
    public static void setTail(final ByteBuffer ring, final int tail) {
        SHORT.setRelease(ring, TAIL, (short) tail);
    }
}
