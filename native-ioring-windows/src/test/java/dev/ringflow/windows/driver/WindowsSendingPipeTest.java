package dev.ringflow.windows.driver;

import dev.ringflow.tck.SendingPipeContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsSendingPipeTest extends SendingPipeContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
