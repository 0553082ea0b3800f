package dev.ringflow.windows.driver;

import dev.ringflow.tck.ManyConnectionsContract;
import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.Libraries;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsManyConnectionsTest extends ManyConnectionsContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    /** The simulators look at each socket in each turn. */
    @Override
    protected int wanted() {
        return Libraries.isWindows() ? 150 : 2000;
    }
}
