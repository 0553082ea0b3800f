package dev.ringflow.windows.ioring;

import dev.ringflow.windows.internal.DirectMemory;
import java.nio.ByteBuffer;

/** Addresses of direct buffers, and buffers at aligned addresses. Safe for use by any thread. */
public final class IoRingMemory {
    private IoRingMemory() {}

    /**
     * The address of a direct buffer's index 0, whatever its position. Keep the address of a buffer that is used often.
     *
     * @param direct a direct buffer; a slice has an address of its own
     * @return the address of index 0
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public static long address(final ByteBuffer direct) {
        return DirectMemory.address(direct);
    }

    /**
     * Allocates zeroed memory in native byte order, freed by the garbage collector when the buffer and all its slices are
     * unreachable.
     *
     * @param bytes capacity
     * @param alignment the address is a multiple of this power of two: 4096 for {@link FileSegments} and for files without
     *     buffering, 1 when it does not matter
     * @return a direct buffer of exactly that capacity
     * @throws IllegalArgumentException if {@code bytes} is negative or {@code alignment} not a power of two
     */
    public static ByteBuffer allocate(final int bytes, final int alignment) {
        return DirectMemory.allocate(bytes, alignment);
    }
}
