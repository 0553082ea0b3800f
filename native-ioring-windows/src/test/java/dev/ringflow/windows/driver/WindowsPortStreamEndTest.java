package dev.ringflow.windows.driver;

import dev.ringflow.tck.StreamEndContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

/** By WSARecv and WSASend. */
@ExtendWith({Simulators.class, WithoutRegisteredIo.class})
final class WindowsPortStreamEndTest extends StreamEndContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
