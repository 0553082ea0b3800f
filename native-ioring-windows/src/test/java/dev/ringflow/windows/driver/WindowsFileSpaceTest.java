package dev.ringflow.windows.driver;

import dev.ringflow.tck.FileSpaceContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsFileSpaceTest extends FileSpaceContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
