package dev.ringflow.windows.driver;

import dev.ringflow.tck.MetricsContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsMetricsTest extends MetricsContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
