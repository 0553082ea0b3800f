package dev.ringflow.windows.driver;

import dev.ringflow.tck.GroupSocketsContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsGroupSocketsTest extends GroupSocketsContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    @Override
    protected boolean sharesPorts() {
        return false;
    }

    @Override
    protected boolean movesConnectionsInUse() {
        return false;
    }
}
