package dev.ringflow.windows.driver;

import dev.ringflow.tck.SocketContract;
import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.Libraries;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsSocketTest extends SocketContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    /** Each message is many calls of Wine's. */
    @Override
    protected int rounds() {
        return Libraries.isWindows() && !Simulators.isReal() ? 20 : 100;
    }
}
