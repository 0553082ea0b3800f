package dev.ringflow.spi;

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
     * The size that the platform maps and locks memory in.
     *
     * @return bytes, a power of two
     */
    int pageSize();
}
