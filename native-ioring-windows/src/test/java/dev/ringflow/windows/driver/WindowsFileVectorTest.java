package dev.ringflow.windows.driver;

import dev.ringflow.tck.FileVectorContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsFileVectorTest extends FileVectorContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
