package dev.ringflow.windows.driver;

import dev.ringflow.tck.IncomingBufferContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsIncomingBufferTest extends IncomingBufferContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
