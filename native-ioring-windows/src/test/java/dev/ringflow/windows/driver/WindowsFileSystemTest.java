package dev.ringflow.windows.driver;

import dev.ringflow.tck.FileSystemContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsFileSystemTest extends FileSystemContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
