package dev.ringflow.windows.driver;

import dev.ringflow.tck.StreamOptionContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsStreamOptionTest extends StreamOptionContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    @Override
    protected boolean tellsCredentials() {
        return false;
    }
}
