package dev.ringflow.windows.driver;

import dev.ringflow.tck.AcceptContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

/** By WSARecv and WSASend. */
@ExtendWith({Simulators.class, WithoutRegisteredIo.class})
final class WindowsPortAcceptTest extends AcceptContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
