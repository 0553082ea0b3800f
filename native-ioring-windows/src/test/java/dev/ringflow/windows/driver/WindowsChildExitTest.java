package dev.ringflow.windows.driver;

import dev.ringflow.tck.ChildExitContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsChildExitTest extends ChildExitContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
