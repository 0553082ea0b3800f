package dev.ringflow.windows.driver;

import dev.ringflow.tck.AllocationContract;
import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.Libraries;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsAllocationTest extends AllocationContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    /** Under Wine the simulated ring asks a server for each. */
    @Override
    protected int operations() {
        return Libraries.isWindows() ? 5000 : super.operations();
    }
}
