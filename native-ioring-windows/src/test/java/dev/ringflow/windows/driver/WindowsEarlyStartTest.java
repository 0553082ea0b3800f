package dev.ringflow.windows.driver;

import dev.ringflow.tck.EarlyStartContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsEarlyStartTest extends EarlyStartContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
