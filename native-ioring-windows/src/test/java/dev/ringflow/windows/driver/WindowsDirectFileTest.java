package dev.ringflow.windows.driver;

import dev.ringflow.tck.DirectFileContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsDirectFileTest extends DirectFileContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
