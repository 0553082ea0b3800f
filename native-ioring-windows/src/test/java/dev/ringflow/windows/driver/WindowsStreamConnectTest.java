package dev.ringflow.windows.driver;

import dev.ringflow.tck.StreamConnectContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsStreamConnectTest extends StreamConnectContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    @Override
    protected boolean hasOptionsOfUnix() {
        return false;
    }
}
