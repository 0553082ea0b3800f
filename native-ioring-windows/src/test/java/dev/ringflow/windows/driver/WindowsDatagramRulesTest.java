package dev.ringflow.windows.driver;

import dev.ringflow.tck.DatagramRulesContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsDatagramRulesTest extends DatagramRulesContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
