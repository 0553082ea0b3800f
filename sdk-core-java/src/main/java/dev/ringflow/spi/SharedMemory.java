package dev.ringflow.spi;

import java.nio.ByteBuffer;

/**
 * Memory that is about to be registered with several rings of one driver: what {@link Driver#share} made. Closed, on
 * any thread, when each ring has registered it or was refused; registrations outlive it.
 */
public interface SharedMemory extends AutoCloseable {
    /**
     * The memory.
     *
     * @return the whole region
     */
    ByteBuffer region();

    /** Lets go of what was only needed to share. */
    @Override
    void close();
}
