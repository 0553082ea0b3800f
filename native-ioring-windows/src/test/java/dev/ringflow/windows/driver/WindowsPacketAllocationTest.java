package dev.ringflow.windows.driver;

import dev.ringflow.tck.PacketAllocationContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsPacketAllocationTest extends PacketAllocationContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    /** JNR-FFI makes a buffer for the arguments of each call with seven of them, and on Windows for every call. */
    @Override
    protected long most() {
        return 10_000;
    }

    /** A simulator takes milliseconds for each. */
    @Override
    protected int packets() {
        return 2_000;
    }
}
