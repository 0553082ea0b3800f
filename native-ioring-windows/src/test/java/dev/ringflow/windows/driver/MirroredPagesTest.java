package dev.ringflow.windows.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.ringflow.RingException;
import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.Libraries;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import jnr.ffi.LibraryLoader;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Placeholders, what replaces them, and what is left over of either. */
@ExtendWith(Simulators.class)
final class MirroredPagesTest {
    /** The controls of simwin32.c. */
    public interface SimulatedPages {
        int sim_win32_regions();

        void sim_win32_fail_view(int number);
    }

    @BeforeEach
    void needsPlaceholders() {
        String lack = MirroredPages.unavailable();
        Assumptions.assumeTrue(lack == null, () -> "no placeholders here: " + lack);
    }

    private static SimulatedPages simulator() {
        assumeFalse(
                Libraries.isWindows(), "Windows itself does not tell how many views there are, nor fails on demand");
        return LibraryLoader.create(SimulatedPages.class).load(Simulators.path("simwin32"));
    }

    @Test
    void eachByteIsThereTwice() throws IOException {
        try (MirroredPages pages = MirroredPages.ofBytes(100_000)) {
            assertThat(pages.size()).isEqualTo(2 * MirroredPages.UNIT);
            ByteBuffer bytes = pages.bytes();
            assertThat(bytes.capacity()).isEqualTo(2 * pages.size());
            for (int i = 0; i < pages.size(); i += 997) {
                bytes.put(i, (byte) i);
                assertThat(bytes.get(i + pages.size())).isEqualTo((byte) i);
                bytes.put(i + pages.size(), (byte) ~i);
                assertThat(bytes.get(i)).isEqualTo((byte) ~i);
            }
        }
    }

    @Test
    void closedPagesShowZeroesAndTakeWhatIsWritten() throws IOException {
        MirroredPages pages = MirroredPages.ofBytes(1);
        ByteBuffer bytes = pages.bytes();
        bytes.put(5, (byte) 1);
        pages.close();
        pages.close();
        assertThat(bytes.get(5)).isZero();
        assertThat(bytes.get(5 + pages.size())).isZero();
        bytes.put(5, (byte) 2);
    }

    @Test
    void viewThatFailsLeavesNoAddressesAndNoSection() throws IOException {
        SimulatedPages simulator = simulator();
        for (int view = 1; view <= 2; view++) {
            int regions = simulator.sim_win32_regions();
            int handles = WindowsFilesTest.handles();
            simulator.sim_win32_fail_view(view);
            try {
                assertThatThrownBy(() -> MirroredPages.ofBytes(1))
                        .isInstanceOf(RingException.class)
                        .hasMessageContaining("MapViewOfFile3");
            } finally {
                simulator.sim_win32_fail_view(0);
            }
            assertThat(simulator.sim_win32_regions()).isLessThanOrEqualTo(regions);
            assertThat(WindowsFilesTest.handles()).isEqualTo(handles);
        }
    }

    @Test
    void addressesAreGivenBackWhenNobodyCanLookThere() throws IOException {
        SimulatedPages simulator = simulator();
        for (int i = 0; i < 20; i++) {
            try (MirroredPages pages = MirroredPages.ofBytes(1)) {
                pages.bytes().put(0, (byte) 1);
            }
            MirroredPages.ofBytes(1).bytes().put(0, (byte) 1); // which nobody closes
        }
        MirroredPages kept = MirroredPages.ofBytes(1);
        ByteBuffer slice = kept.bytes().slice(10, 10);
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (simulator.sim_win32_regions() > 2 && System.nanoTime() - deadline < 0) {
            System.gc();
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(simulator.sim_win32_regions())
                .as("the two views that have a slice")
                .isEqualTo(2);
        slice.put(0, (byte) 3);
        assertThat(kept.bytes().get(10 + kept.size())).isEqualTo((byte) 3);
    }
}
