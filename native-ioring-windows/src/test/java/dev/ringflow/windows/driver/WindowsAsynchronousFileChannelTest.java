package dev.ringflow.windows.driver;

import dev.ringflow.tck.AsynchronousFileChannelContract;
import dev.ringflow.tck.ChannelSource;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsAsynchronousFileChannelTest extends AsynchronousFileChannelContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.ring("windows");
    }
}
