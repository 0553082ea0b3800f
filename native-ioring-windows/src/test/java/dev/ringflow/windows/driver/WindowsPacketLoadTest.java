package dev.ringflow.windows.driver;

import dev.ringflow.tck.PacketLoadContract;
import dev.ringflow.windows.Simulators;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsPacketLoadTest extends PacketLoadContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    @Override
    protected boolean countsOverruns() {
        return false;
    }

    @Override
    protected void assumeReceivesGoOnAfterAnError() throws IOException {
        DatagramErrors.assumeReceivesGoOn();
    }
}
