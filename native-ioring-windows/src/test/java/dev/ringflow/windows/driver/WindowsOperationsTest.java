package dev.ringflow.windows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Capabilities;
import dev.ringflow.Support;
import dev.ringflow.spi.CompletionListener;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.DriverOptions;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.Simulators;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the driver says that it can do, and what it does, for each operation and each of its ways. */
@ExtendWith(Simulators.class)
class WindowsOperationsTest {
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    /** Those that the core does by itself, and gives to no driver. */
    private static final Set<OpCode> THE_CORES = EnumSet.of(OpCode.CHAIN, OpCode.PARK);

    private final List<Operation> ended = new ArrayList<>();

    private final CompletionListener listener = (operation, result, flags) -> ended.add(operation);

    @AfterEach
    void asUsual() {
        System.clearProperty(FileRingOpening.PROPERTY);
        System.clearProperty(SocketFamily.REGISTERED_PROPERTY);
    }

    private Driver open(boolean rings, boolean registered) throws IOException {
        if (!rings) {
            System.setProperty(FileRingOpening.PROPERTY, "overlapped");
        }
        if (!registered) {
            System.setProperty(SocketFamily.REGISTERED_PROPERTY, "false");
        }
        return new WindowsDriverProvider().open(new DriverOptions(16, 0, 16), listener);
    }

    /** The failure of an operation that asks for nothing in particular; null if it has none. */
    private @Nullable Throwable failureOf(Driver driver, OpCode opCode) {
        Operation operation = new Operation().opCode(opCode);
        int before = ended.size();
        driver.start(operation);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (ended.size() == before && System.nanoTime() - end < 0) {
            driver.poll(1_000_000);
        }
        assertThat(ended).as("%s has ended", opCode).hasSize(before + 1);
        return operation.failure();
    }

    @ParameterizedTest(name = "I/O rings {0}, Registered I/O {1}")
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void whatIsSaidToBeThereIsAndWhatIsNotIsRefusedWithAReason(boolean rings, boolean registered) throws IOException {
        Driver driver = open(rings, registered);
        Capabilities capabilities = driver.capabilities();
        for (OpCode each : OpCode.values()) {
            if (THE_CORES.contains(each)) {
                assertThat(capabilities.support(each)).isEqualTo(Support.ALTERNATIVE);
                continue;
            }
            Throwable failure = failureOf(driver, each);
            if (capabilities.support(each) == Support.NONE) {
                assertThat(failure)
                        .as(each.name())
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageMatching(each + " is not supported by the driver windows: .{15,}")
                        .hasMessageNotContaining("nothing like it");
            } else {
                assertThat(failure instanceof UnsupportedOperationException)
                        .as("%s: %s", each, failure)
                        .isFalse();
            }
        }
        driver.close(true);
    }

    @ParameterizedTest(name = "I/O rings {0}, Registered I/O {1}")
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void whatIsSaidDependsOnWhatIsThere(boolean rings, boolean registered) throws IOException {
        Driver driver = open(rings, registered);
        Capabilities capabilities = driver.capabilities();
        boolean hasRings =
                rings && dev.ringflow.windows.ioring.IoRing.availability().isUsable();
        boolean hasRegistered = registered && dev.ringflow.windows.rio.Rio.unavailable() == null;
        assertThat(capabilities.support(OpCode.READ)).isEqualTo(hasRings ? Support.NATIVE : Support.ALTERNATIVE);
        assertThat(capabilities.support(OpCode.OPEN_DIRECT) != Support.NONE).isEqualTo(hasRings);
        assertThat(capabilities.registeredBuffers()).isEqualTo(hasRings);
        assertThat(capabilities.support(OpCode.SEND_ZERO_COPY) != Support.NONE).isEqualTo(hasRegistered);
        assertThat(capabilities.details().get("datagrams"))
                .startsWith(hasRegistered ? "Registered I/O" : "WSARecvFrom");
        assertThat(capabilities.details().get("connections")).startsWith(hasRegistered ? "Registered I/O" : "WSARecv");
        driver.close(true);
    }
}
