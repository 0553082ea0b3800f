package dev.ringflow.windows.driver;

import dev.ringflow.tck.PublisherRulesContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsPublisherRulesTest extends PublisherRulesContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
