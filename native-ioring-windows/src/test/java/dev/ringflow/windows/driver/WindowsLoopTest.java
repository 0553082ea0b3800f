package dev.ringflow.windows.driver;

import dev.ringflow.tck.LoopContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsLoopTest extends LoopContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
