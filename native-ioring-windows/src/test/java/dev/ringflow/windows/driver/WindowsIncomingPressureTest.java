package dev.ringflow.windows.driver;

import dev.ringflow.tck.IncomingPressureContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsIncomingPressureTest extends IncomingPressureContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
