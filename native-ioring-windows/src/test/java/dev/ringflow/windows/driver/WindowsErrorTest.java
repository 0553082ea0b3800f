package dev.ringflow.windows.driver;

import dev.ringflow.tck.ErrorContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsErrorTest extends ErrorContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
