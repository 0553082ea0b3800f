package dev.ringflow.windows.driver;

import dev.ringflow.tck.RingGroupContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsRingGroupTest extends RingGroupContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
