package dev.ringflow.spi;

import dev.ringflow.DriverAvailability;
import java.io.IOException;

/** Finds out whether a driver can be had, and opens it. The core loads providers through {@code ServiceLoader}. */
public interface DriverProvider {
    /**
     * The name that {@code RingOptions.driver} takes.
     *
     * @return a short lower-case word, such as {@code uring}
     */
    String name();

    /**
     * Which driver is tried first.
     *
     * @return higher is tried earlier; the fallback that runs anywhere has 0
     */
    int priority();

    /**
     * Whether a driver could be opened now, and if not, why and what to do. Never throws, and leaves nothing open.
     *
     * @return what was found
     */
    DriverAvailability availability();

    /**
     * Opens a driver. The calling thread is the loop thread: every other call to the driver comes from it, except where
     * {@link Driver} says otherwise.
     *
     * @param options sizes
     * @param listener where completions go
     * @return the driver
     * @throws IOException if it cannot be had; the message says why and what to do
     */
    Driver open(DriverOptions options, CompletionListener listener) throws IOException;
}
