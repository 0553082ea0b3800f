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
     * Gives a buffer back to the driver, which may fill it at once.
     *
     * @param id the number of a buffer that a completion named, and that was not given back since
     * @throws IllegalStateException if the driver has it already
     */
    void giveBack(int id);

    /**
     * How many buffers the driver has.
     *
     * @return 0 when the group is exhausted
     */
    int available();

    /** Takes the group away from the driver. No operation may be in flight on it. */
    @Override
    void close();
}
