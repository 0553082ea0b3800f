package dev.ringflow.windows.driver;

import dev.ringflow.tck.FileLockContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsFileLockTest extends FileLockContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
