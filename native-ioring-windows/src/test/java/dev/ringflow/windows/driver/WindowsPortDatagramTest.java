package dev.ringflow.windows.driver;

import dev.ringflow.tck.DatagramContract;
import dev.ringflow.windows.Simulators;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;

/** By WSARecvFrom and WSASendTo. */
@ExtendWith({Simulators.class, WithoutRegisteredIo.class})
final class WindowsPortDatagramTest extends DatagramContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    @Override
    protected void assumeReceivesGoOnAfterAnError() throws IOException {
        DatagramErrors.assumeReceivesGoOn();
    }
}
