package dev.ringflow.windows.driver;

import dev.ringflow.tck.PipeContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsPipeTest extends PipeContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
