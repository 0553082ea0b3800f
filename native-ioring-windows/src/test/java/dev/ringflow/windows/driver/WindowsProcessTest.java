package dev.ringflow.windows.driver;

import dev.ringflow.tck.ProcessContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsProcessTest extends ProcessContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
