package dev.ringflow.uring.struct;

import java.nio.ByteBuffer;

/**
 * A piece of memory, for vectored reads and writes and for registering buffers.
 *
 * <pre>{@code
 * struct iovec {
 *     void  *iov_base;
 *     size_t iov_len;
 * };
 * }</pre>
 *
 * <p>Source: {@code readv(2)}.
 */
public final class Iovec {
    /** Offset of {@code iov_base}. */
    public static final int BASE = 0;

    /** Offset of {@code iov_len}. */
    public static final int LEN = 8;

    /** Size of the struct in bytes. */
    public static final int SIZE = 16;

    private Iovec() {}

    /**
     * Sets one element of an array.
     *
     * @param array native memory in native byte order
     * @param index which element
     * @param address the memory
     * @param length its length in bytes
     */
    public static void set(final ByteBuffer array, final int index, final long address, final long length) {
        array.putLong(index * SIZE + BASE, address);
        array.putLong(index * SIZE + LEN, length);
    }

    /**
     * The address in one element of an array.
     *
     * @param array native memory in native byte order
     * @param index which element
     * @return the address
     */
    public static long address(final ByteBuffer array, final int index) {
        return array.getLong(index * SIZE + BASE);
    }

    /**
     * The length in one element of an array.
     *
     * @param array native memory in native byte order
     * @param index which element
     * @return bytes
     */
    public static long length(final ByteBuffer array, final int index) {
        return array.getLong(index * SIZE + LEN);
    }
}
