package dev.ringflow.windows.driver;

import dev.ringflow.tck.DatagramDetailContract;
import dev.ringflow.windows.Simulators;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsDatagramDetailTest extends DatagramDetailContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    @Override
    protected boolean hasControlMessages() {
        return false;
    }

    @Override
    protected void assumeMulticast() throws IOException {
        MulticastInterfaces.assumeKnownByNumber();
    }
}
