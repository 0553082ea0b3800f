package dev.ringflow.windows.driver;

import dev.ringflow.tck.StreamDescriptorContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsStreamDescriptorTest extends StreamDescriptorContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
