package dev.ringflow.windows.driver;

import dev.ringflow.tck.AsynchronousFileChannelLockContract;
import dev.ringflow.tck.ChannelSource;
import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.Libraries;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsAsynchronousFileChannelLockTest extends AsynchronousFileChannelLockContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.ring("windows");
    }

    @Override
    protected boolean closingEndsLocksThatAreWaitedFor() {
        return !Libraries.isWindows();
    }
}
