package dev.ringflow.windows.driver;

import dev.ringflow.DriverAvailability;
import dev.ringflow.spi.CompletionListener;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.DriverOptions;
import dev.ringflow.spi.DriverProvider;
import java.io.IOException;

/** Makes I/O rings, Registered I/O and completion ports a driver of the core. Found by {@code ServiceLoader}. */
public final class WindowsDriverProvider implements DriverProvider {
    /** The driver's name. */
    public static final String NAME = "windows";

    private static final int PRIORITY = 100;

    /** For {@code ServiceLoader}. */
    public WindowsDriverProvider() {}

    /** {@code windows}. */
    @Override
    public String name() {
        return NAME;
    }

    /** Before NIO. */
    @Override
    public int priority() {
        return PRIORITY;
    }

    /**
     * Whether there are completion ports: everything else has a second way. Tells whether files go through I/O rings, and
     * sockets through Registered I/O.
     */
    @Override
    public DriverAvailability availability() {
        return WindowsAvailability.now();
    }

    /** Opens a completion port and what there is beside it. */
    @Override
    public Driver open(DriverOptions options, CompletionListener listener) throws IOException {
        return WindowsDriver.open(options, listener);
    }
}
