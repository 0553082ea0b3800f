package dev.ringflow.windows.driver;

import dev.ringflow.tck.FutexContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsFutexTest extends FutexContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
