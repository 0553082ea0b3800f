package dev.ringflow.windows.driver;

import dev.ringflow.tck.StreamEndContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsStreamEndTest extends StreamEndContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
