package dev.ringflow.windows.driver;

import dev.ringflow.tck.SendingContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsSendingTest extends SendingContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
