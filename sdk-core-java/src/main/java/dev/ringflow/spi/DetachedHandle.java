package dev.ringflow.spi;

/**
 * What a {@link Handle} stood for, on its way from one ring to another of the same driver. It belongs to whoever has it:
 * he gives it to {@link Driver#adopt}, or closes it. Any thread.
 */
public interface DetachedHandle extends AutoCloseable {
    /** Closes the file or socket that no ring has. Not after it was adopted. */
    @Override
    void close();
}
