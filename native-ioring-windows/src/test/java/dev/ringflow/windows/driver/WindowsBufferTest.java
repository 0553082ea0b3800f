package dev.ringflow.windows.driver;

import dev.ringflow.tck.BufferContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsBufferTest extends BufferContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
