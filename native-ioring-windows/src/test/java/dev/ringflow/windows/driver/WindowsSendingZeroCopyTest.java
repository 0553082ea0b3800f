package dev.ringflow.windows.driver;

import dev.ringflow.tck.SendingZeroCopyContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsSendingZeroCopyTest extends SendingZeroCopyContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
