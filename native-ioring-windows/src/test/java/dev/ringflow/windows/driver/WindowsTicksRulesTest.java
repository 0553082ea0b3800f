package dev.ringflow.windows.driver;

import dev.ringflow.tck.TicksRulesContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsTicksRulesTest extends TicksRulesContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
