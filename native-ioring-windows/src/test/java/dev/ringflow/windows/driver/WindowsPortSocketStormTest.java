package dev.ringflow.windows.driver;

import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

/** By WSARecv and WSASend. */
@ExtendWith({Simulators.class, WithoutRegisteredIo.class})
final class WindowsPortSocketStormTest extends WindowsSocketStormTest {}
