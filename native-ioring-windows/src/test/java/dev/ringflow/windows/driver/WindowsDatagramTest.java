package dev.ringflow.windows.driver;

import dev.ringflow.tck.DatagramContract;
import dev.ringflow.windows.Simulators;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsDatagramTest extends DatagramContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    @Override
    protected void assumeReceivesGoOnAfterAnError() throws IOException {
        DatagramErrors.assumeReceivesGoOn();
    }
}
