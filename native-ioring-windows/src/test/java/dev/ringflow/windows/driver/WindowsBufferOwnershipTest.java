package dev.ringflow.windows.driver;

import dev.ringflow.tck.BufferOwnershipContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsBufferOwnershipTest extends BufferOwnershipContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
