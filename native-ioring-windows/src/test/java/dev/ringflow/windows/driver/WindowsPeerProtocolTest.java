package dev.ringflow.windows.driver;

import dev.ringflow.tck.PeerProtocolContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsPeerProtocolTest extends PeerProtocolContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
