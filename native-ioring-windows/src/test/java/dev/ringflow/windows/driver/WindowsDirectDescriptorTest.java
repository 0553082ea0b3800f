package dev.ringflow.windows.driver;

import dev.ringflow.tck.DirectDescriptorContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsDirectDescriptorTest extends DirectDescriptorContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
