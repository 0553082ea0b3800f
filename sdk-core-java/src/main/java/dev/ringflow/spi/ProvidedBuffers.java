package dev.ringflow.spi;

import java.nio.ByteBuffer;

/**
 * A group of equal buffers that a driver was given, to receive into whichever it chooses: an idle connection holds none.
 * What is filled belongs to whoever gets the completion that names it, until {@link #giveBack}. Confined to the loop
 * thread.
 */
public interface ProvidedBuffers extends AutoCloseable {
    /**
     * How many buffers there are.
     *
     * @return 1 to 32768
     */
    int count();

    /**
     * How large each is.
     *
     * @return bytes
     */
    int bufferSize();

    /**
     * The memory of a buffer.
     *
     * @param id its number, from 0 to {@link #count()} - 1
     * @return always the same direct buffer for the same number; its position and limit are whoever's the buffer is
     */
    ByteBuffer memory(int id);

    /**
     * Where in a buffer the bytes begin that the latest completion brought.
     *
     * @param id the number that the completion named
     * @return 0, or a later index where several completions share a buffer
     */
    default int start(int id) {
        return 0;
    }

    /**
     * Gives a buffer back to the driver, once for each completion that named it: when the last is back the driver may
     * fill it at once. Without effect on a closed group.
     *
     * @param id the number of a buffer that a completion named
     * @throws IllegalStateException if it was given back as often as completions named it
     */
    void giveBack(int id);

    /**
     * How many buffers the driver has.
     *
     * @return 0 when the group is exhausted
     */
    int available();

    /**
     * Takes the group away from the driver. No operation may be in flight on it. The memory stays as it is, as long as
     * somebody can reach it.
     */
    @Override
    void close();
}
