package dev.ringflow.windows.driver;

import dev.ringflow.tck.FileCopyContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsFileCopyTest extends FileCopyContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
