package dev.ringflow.windows.driver;

import dev.ringflow.tck.PeerTransferContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsPeerTransferTest extends PeerTransferContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
