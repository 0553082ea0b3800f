package dev.ringflow.windows.driver;

import dev.ringflow.tck.FileContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsFileTest extends FileContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
