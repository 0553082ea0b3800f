package dev.ringflow.windows.driver;

import dev.ringflow.tck.PoolWaitingContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsPoolWaitingTest extends PoolWaitingContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
