package dev.ringflow.windows.driver;

import dev.ringflow.tck.MirroredBufferContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsMirroredBufferTest extends MirroredBufferContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
