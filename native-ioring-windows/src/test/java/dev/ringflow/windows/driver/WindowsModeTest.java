package dev.ringflow.windows.driver;

import dev.ringflow.tck.ModeContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsModeTest extends ModeContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
