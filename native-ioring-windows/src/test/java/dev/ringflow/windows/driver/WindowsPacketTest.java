package dev.ringflow.windows.driver;

import dev.ringflow.tck.PacketContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsPacketTest extends PacketContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
