package dev.ringflow.windows.driver;

import dev.ringflow.tck.PoolContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsPoolTest extends PoolContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    @Override
    protected boolean registersMany() {
        return true;
    }
}
