package dev.ringflow.windows.driver;

import dev.ringflow.tck.FileHolesContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsFileHolesTest extends FileHolesContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
