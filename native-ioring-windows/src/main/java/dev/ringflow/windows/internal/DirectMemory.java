package dev.ringflow.windows.internal;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Memory that Windows reads and writes, as direct buffers in native byte order: there a {@code long} has 64 bits, which a
 * JNR-FFI pointer's {@code putLong} has not on Windows.
 */
public final class DirectMemory {
    private DirectMemory() {}

    /**
     * Allocates zeroed memory, freed by the garbage collector when the buffer and its slices are unreachable.
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
        if (Integer.bitCount(alignment) != 1) {
            throw new IllegalArgumentException("alignment, which must be a power of two: " + alignment);
        }
        final ByteBuffer whole = ByteBuffer.allocateDirect(Math.addExact(bytes, alignment - 1));
        final int start = alignment == 1 ? 0 : -(int) address(whole) & (alignment - 1);
        return whole.slice(start, bytes).order(ByteOrder.nativeOrder());
    }

    /**
     * The address of a direct buffer's index 0, whatever its position.
     *
     * @param direct a direct buffer; a slice has an address of its own
     * @return the address of index 0
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public static long address(final ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("Windows can use direct buffers only, this one is on the heap");
        }
        return MemoryIO.getInstance().getDirectBufferAddress(direct);
    }

    /**
     * A view of native memory that this buffer does not own: whoever frees the memory first takes the view away.
     *
     * @param address the first byte
     * @param bytes how many
     * @return a direct buffer
     */
    public static ByteBuffer view(final long address, final int bytes) {
        return MemoryIO.getInstance().newDirectByteBuffer(address, bytes).order(ByteOrder.nativeOrder());
    }

    /**
     * A string as the functions with a W want it.
     *
     * @param text any string without a zero character
     * @return UTF-16 in little-endian order with a zero at the end
     * @throws IllegalArgumentException if the text has a zero character, where Windows would see its end
     */
    public static ByteBuffer wide(final String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a zero character in " + text);
        }
        final byte[] units = text.getBytes(StandardCharsets.UTF_16LE);
        final ByteBuffer memory = allocate(units.length + Character.BYTES, Character.BYTES);
        memory.put(0, units);
        return memory;
    }
}
