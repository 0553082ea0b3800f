package dev.ringflow.uring.driver;

import dev.ringflow.DriverAvailability;
import dev.ringflow.spi.CompletionListener;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.DriverOptions;
import dev.ringflow.spi.DriverProvider;
import java.io.IOException;

/** Makes Linux's io_uring the core's driver of choice. Found by {@code ServiceLoader}; see io_uring(7). */
public final class UringDriverProvider implements DriverProvider {
    /** The driver's name. */
    public static final String NAME = "uring";

    private static final int PRIORITY = 100;

    /** For {@code ServiceLoader}. */
    public UringDriverProvider() {}

    /** {@code uring}. */
    @Override
    public String name() {
        return NAME;
    }

    /** Ahead of whatever runs anywhere. */
    @Override
    public int priority() {
        return PRIORITY;
    }

    /** Opens a ring of four entries to find out, and closes it again. */
    @Override
    public DriverAvailability availability() {
        return UringAvailability.now();
    }

    /** Opens a ring that belongs to the calling thread. */
    @Override
    public Driver open(DriverOptions options, CompletionListener listener) throws IOException {
        return UringDriver.open(options, listener);
    }
}
