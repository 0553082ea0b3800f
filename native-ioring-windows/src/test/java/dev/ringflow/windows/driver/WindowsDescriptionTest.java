package dev.ringflow.windows.driver;

import dev.ringflow.tck.DescriptionContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsDescriptionTest extends DescriptionContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
