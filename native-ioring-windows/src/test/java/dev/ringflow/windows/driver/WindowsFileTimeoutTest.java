package dev.ringflow.windows.driver;

import dev.ringflow.tck.FileTimeoutContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsFileTimeoutTest extends FileTimeoutContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
