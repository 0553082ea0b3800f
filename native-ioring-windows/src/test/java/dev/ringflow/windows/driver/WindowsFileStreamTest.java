package dev.ringflow.windows.driver;

import dev.ringflow.tck.FileStreamContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsFileStreamTest extends FileStreamContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
