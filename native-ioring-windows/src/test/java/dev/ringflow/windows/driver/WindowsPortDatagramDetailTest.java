package dev.ringflow.windows.driver;

import dev.ringflow.tck.DatagramDetailContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

/** By WSARecvFrom and WSASendTo. */
@ExtendWith({Simulators.class, WithoutRegisteredIo.class})
final class WindowsPortDatagramDetailTest extends DatagramDetailContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    @Override
    protected boolean hasControlMessages() {
        return false;
    }
}
