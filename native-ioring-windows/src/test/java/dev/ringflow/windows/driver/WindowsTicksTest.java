package dev.ringflow.windows.driver;

import dev.ringflow.tck.TicksContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsTicksTest extends TicksContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
