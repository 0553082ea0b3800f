package dev.ringflow.windows.driver;

import dev.ringflow.tck.OpeningContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsOpeningTest extends OpeningContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
