package dev.ringflow.windows.driver;

import dev.ringflow.tck.DatagramRulesContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

/** By WSARecvFrom and WSASendTo. */
@ExtendWith({Simulators.class, WithoutRegisteredIo.class})
final class WindowsPortDatagramRulesTest extends DatagramRulesContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
