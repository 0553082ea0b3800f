package dev.ringflow.windows.driver;

import dev.ringflow.tck.TransferResumeContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsTransferResumeTest extends TransferResumeContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
