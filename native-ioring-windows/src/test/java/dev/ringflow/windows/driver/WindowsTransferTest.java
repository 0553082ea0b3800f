package dev.ringflow.windows.driver;

import dev.ringflow.tck.TransferContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsTransferTest extends TransferContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
