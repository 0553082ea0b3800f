package dev.ringflow.windows.driver;

import dev.ringflow.tck.IncomingAllocationContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsIncomingAllocationTest extends IncomingAllocationContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
