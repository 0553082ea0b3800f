package dev.ringflow.windows.driver;

import dev.ringflow.tck.IncomingRacesContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsIncomingRacesTest extends IncomingRacesContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
