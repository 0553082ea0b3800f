package dev.ringflow.windows.driver;

import dev.ringflow.tck.PollContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsPollTest extends PollContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
