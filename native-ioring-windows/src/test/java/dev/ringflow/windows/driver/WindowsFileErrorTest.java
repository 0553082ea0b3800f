package dev.ringflow.windows.driver;

import dev.ringflow.tck.FileErrorContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsFileErrorTest extends FileErrorContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
