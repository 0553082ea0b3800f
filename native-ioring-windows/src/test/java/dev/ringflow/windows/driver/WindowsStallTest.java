package dev.ringflow.windows.driver;

import dev.ringflow.tck.StallContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsStallTest extends StallContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
