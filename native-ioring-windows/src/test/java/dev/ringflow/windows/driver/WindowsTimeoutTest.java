package dev.ringflow.windows.driver;

import dev.ringflow.tck.TimeoutContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsTimeoutTest extends TimeoutContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
