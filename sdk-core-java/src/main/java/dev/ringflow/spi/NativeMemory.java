package dev.ringflow.spi;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Memory outside the heap, as one platform gives it. Any thread may call it. */
public interface NativeMemory {
    /**
     * Allocates zeroed memory that lives as long as a buffer over it is reachable.
     *
     * @param bytes capacity of the buffer
     * @param alignment a power of two; the address of index 0 is a multiple of it
     * @return a direct buffer in native byte order
     */
    ByteBuffer allocate(int bytes, int alignment);

    /**
     * Maps zeroed memory twice, one copy of the addresses right behind the other.
     *
     * @param bytes the size of one copy at least, from 1; rounded up to whole pages
     * @return the memory, which the caller closes
     * @throws UnsupportedOperationException if the platform cannot; {@link dev.ringflow.Capabilities#mirroredMemory()}
     *     says so
     * @throws IllegalArgumentException if the size is none, or both copies are above 2 GiB
     * @throws IOException if the system refuses
     */
    default MirroredMemory mirrored(int bytes) throws IOException {
        throw new UnsupportedOperationException("This driver cannot map memory twice (Capabilities.mirroredMemory)");
    }

    /**
     * The size that the platform maps and locks memory in.
     *
     * @return bytes, a power of two
     */
    int pageSize();
}
