package dev.ringflow.windows.driver;

import dev.ringflow.tck.CancelContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsCancelTest extends CancelContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
