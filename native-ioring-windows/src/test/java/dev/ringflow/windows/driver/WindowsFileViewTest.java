package dev.ringflow.windows.driver;

import dev.ringflow.tck.FileViewContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsFileViewTest extends FileViewContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    /** A pipe of Linux is no file of Windows. */
    @Override
    protected boolean readsPipes() {
        return false;
    }
}
