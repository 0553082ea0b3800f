package dev.ringflow.uring;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Addresses of direct buffers, and buffers for the kernel to work on.
 *
 * <p>A buffer's memory lives as long as the buffer object is reachable. Whoever hands an address to the kernel keeps the
 * buffer reachable until the request's terminal completion.
 *
 * <p>Safe for use by any thread.
 */
public final class Memory {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());

    private Memory() {}

    /**
     * The address of a direct buffer's index 0, whatever its position. Takes some 10 ns: keep the address of a buffer
     * that is used often.
     *
     * @param direct a direct buffer; a slice has an address of its own
     * @return the address of index 0
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public static long address(final ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("the kernel can use direct buffers only, this one is on the heap");
        }
        return MemoryIO.getInstance().getDirectBufferAddress(direct);
    }

    /**
     * Allocates zeroed memory in native byte order, freed by the garbage collector when the buffer and all its slices
     * are unreachable.
     *
     * @param bytes capacity
     * @param alignment the address is a multiple of this power of two; 1 when it does not matter
     * @return a direct buffer of exactly that capacity
     * @throws IllegalArgumentException if {@code bytes} is negative or {@code alignment} not a power of two
     */
    public static ByteBuffer allocate(final int bytes, final int alignment) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: " + bytes);
        }
        if (Integer.bitCount(alignment) != 1 || alignment < 0) {
            throw new IllegalArgumentException("alignment must be a power of two: " + alignment);
        }
        final ByteBuffer whole = ByteBuffer.allocateDirect(Math.addExact(bytes, alignment - 1));
        final int start = alignment == 1 ? 0 : -(int) address(whole) & (alignment - 1);
        return whole.slice(start, bytes).order(ByteOrder.nativeOrder());
    }

    /** A view of native memory that this buffer does not own: whoever frees the memory first takes the view away. */
    static ByteBuffer view(final long address, final int bytes) {
        return MemoryIO.getInstance().newDirectByteBuffer(address, bytes).order(ByteOrder.nativeOrder());
    }

    /** What a closed ring's entries and queues point to: any access is an exception, none reaches memory. */
    static ByteBuffer nothing() {
        return NOTHING;
    }
}
