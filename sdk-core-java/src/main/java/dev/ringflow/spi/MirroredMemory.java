package dev.ringflow.spi;

import java.nio.ByteBuffer;

/** Pages that are mapped twice, one copy of the addresses right behind the other. Any thread may use it. */
public interface MirroredMemory extends AutoCloseable {
    /**
     * How much memory there is.
     *
     * @return bytes, a multiple of the page size
     */
    int size();

    /**
     * Both copies: index {@code i + size()} is the same byte as index {@code i}.
     *
     * @return a direct buffer of twice the size; always the same
     */
    ByteBuffer bytes();

    /**
     * Gives the pages back at once; on Windows the paging file's share of them later. The addresses remain as long as
     * {@link #bytes()} or a slice of it is reachable, and show zeroes. Closing again has no effect.
     */
    @Override
    void close();
}
