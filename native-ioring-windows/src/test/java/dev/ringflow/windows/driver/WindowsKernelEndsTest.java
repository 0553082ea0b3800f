package dev.ringflow.windows.driver;

import dev.ringflow.tck.KernelEndsContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsKernelEndsTest extends KernelEndsContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
