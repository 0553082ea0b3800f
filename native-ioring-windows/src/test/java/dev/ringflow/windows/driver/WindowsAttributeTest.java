package dev.ringflow.windows.driver;

import dev.ringflow.tck.AttributeContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsAttributeTest extends AttributeContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
