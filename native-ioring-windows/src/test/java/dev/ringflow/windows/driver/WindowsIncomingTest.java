package dev.ringflow.windows.driver;

import dev.ringflow.tck.IncomingContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsIncomingTest extends IncomingContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
