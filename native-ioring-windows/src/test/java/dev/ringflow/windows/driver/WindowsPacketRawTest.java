package dev.ringflow.windows.driver;

import dev.ringflow.tck.PacketRawContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsPacketRawTest extends PacketRawContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    @Override
    protected boolean hasRawPackets() {
        return false;
    }
}
