package dev.ringflow.windows.driver;

import dev.ringflow.tck.CloseContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsCloseTest extends CloseContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
