package dev.ringflow.windows.driver;

import dev.ringflow.tck.AcceptContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsAcceptTest extends AcceptContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
