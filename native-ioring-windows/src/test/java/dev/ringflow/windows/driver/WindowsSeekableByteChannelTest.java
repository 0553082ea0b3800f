package dev.ringflow.windows.driver;

import dev.ringflow.tck.ChannelSource;
import dev.ringflow.tck.SeekableByteChannelContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsSeekableByteChannelTest extends SeekableByteChannelContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.ring("windows");
    }
}
