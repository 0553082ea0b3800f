package dev.ringflow.nio;

import dev.ringflow.DriverAvailability;
import dev.ringflow.spi.CompletionListener;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.DriverOptions;
import dev.ringflow.spi.DriverProvider;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;

/**
 * Makes NIO the driver that is left when no kernel interface can be had. Found by {@code ServiceLoader}; works wherever
 * a JDK does.
 */
public final class NioDriverProvider implements DriverProvider {
    /** The driver's name. */
    public static final String NAME = "nio";

    /** For {@code ServiceLoader}. */
    public NioDriverProvider() {}

    /** {@code nio}. */
    @Override
    public String name() {
        return NAME;
    }

    /** Behind every driver that speaks to a kernel itself. */
    @Override
    public int priority() {
        return 0;
    }

    /** Always usable. */
    @Override
    public DriverAvailability availability() {
        return DriverAvailability.usable(
                NAME,
                "Java " + System.getProperty("java.version") + " on " + System.getProperty("os.name") + " selects with "
                        + SelectorProvider.provider().getClass().getSimpleName()
                        + ", and has files on helper threads.");
    }

    /** Opens a selector; the sizes in the options mean nothing to it, since its queues have no bounds. */
    @Override
    public Driver open(DriverOptions options, CompletionListener listener) throws IOException {
        return new NioDriver(options.modes(), listener);
    }
}
