package dev.ringflow.windows.driver;

import dev.ringflow.tck.FaultContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsFaultTest extends FaultContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
