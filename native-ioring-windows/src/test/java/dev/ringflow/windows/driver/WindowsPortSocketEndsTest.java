package dev.ringflow.windows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** By WSARecv and WSASend. */
@ExtendWith({Simulators.class, WithoutRegisteredIo.class})
final class WindowsPortSocketEndsTest extends WindowsSocketEndsTest {
    @Test
    @Override
    void capabilitiesSayHowBytesTravel() {
        assertThat(ring().capabilities().details().get("connections")).contains("WSARecv");
    }
}
