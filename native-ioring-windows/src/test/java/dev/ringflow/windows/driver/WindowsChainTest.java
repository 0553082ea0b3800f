package dev.ringflow.windows.driver;

import dev.ringflow.tck.ChainContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsChainTest extends ChainContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
