package dev.ringflow.windows.ioring;

import static dev.ringflow.windows.ioring.IoRingConstants.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.IoRingLibrary;
import dev.ringflow.windows.internal.Libraries;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a machine with and without rings is told. */
class IoRingAvailabilityTest extends SimulatedRings {
    IoRingAvailabilityTest() {
        super("x64");
    }

    private void set(final int setting, final long value) {
        simulator.sim_ioring_set(setting, value);
    }

    @Test
    void tellsWhatARingCanDo() throws Exception {
        final IoRingAvailability answer = IoRing.availability();
        assertThat(answer.isUsable()).isTrue();
        assertThat(answer.reason()).contains("400");
        assertThat(answer.advice()).isEqualTo("Nothing is to be done.");
        assertThat(answer.capabilities()).isEqualTo(IoRing.queryCapabilities());
        for (int op = IORING_OP_NOP; op <= IORING_OP_WRITE_GATHER; op++) {
            assertThat(answer.supports(op)).as(opName(op)).isTrue();
        }
        assertThat(answer.supports(9)).isFalse();
        assertThat(answer).asString().startsWith("usable: ");
        try (IoRing ring = IoRing.open(4)) {
            assertThat(ring.getInfo().submissionQueueSize()).isEqualTo(4);
        }
        try (IoRing ring = IoRing.create(IORING_VERSION_3, 0, 0, 4, 0)) {
            assertThat(ring.getInfo().version()).isEqualTo(IORING_VERSION_3);
        }
    }

    @Test
    void tellsWhatAnOldVersionLacks() {
        set(SimulatedIoRing.MAX_VERSION, IORING_VERSION_1);
        set(SimulatedIoRing.FEATURES, IORING_FEATURE_UM_EMULATION);
        final IoRingAvailability answer = IoRing.availability();
        assertThat(answer.isUsable()).isTrue();
        assertThat(answer.supports(IORING_OP_READ)).isTrue();
        assertThat(answer.supports(IORING_OP_WRITE)).isFalse();
        assertThat(answer.advice()).contains("emulated", "no completion event", "may lose", "no writes");
        assertThat(answer.capabilities().isEmulated()).isTrue();
        assertThat(answer.capabilities().hasCompletionEvent()).isFalse();
    }

    @Test
    void aFailureOfTheQueryIsTold() {
        set(SimulatedIoRing.FAIL_QUERY, HResult.E_NOTIMPL);
        final IoRingAvailability answer = IoRing.availability();
        assertThat(answer.isUsable()).isFalse();
        assertThat(answer.reason()).contains("QueryIoRingCapabilities", "E_NOTIMPL");
        assertThat(answer.capabilities()).isNull();

        set(SimulatedIoRing.FAIL_QUERY, 0);
        set(SimulatedIoRing.MAX_VERSION, IORING_VERSION_INVALID);
        assertThat(IoRing.availability().isUsable()).isFalse();
        assertThat(IoRing.availability().reason()).contains("no version");
    }

    /** As on Windows 10: the library is there, the functions are not. */
    @Test
    void aLibraryWithoutTheFunctionsIsNoCrash() {
        final IoRingLibrary without =
                IoRingLibrary.load(Libraries.isWindows() ? "KernelBase" : Simulators.path("simwin32"), false);
        final IoRingAvailability answer = IoRingAvailability.of(without);
        assertThat(answer.isUsable()).isFalse();
        assertThat(answer.reason()).contains("E_NOTIMPL");
        assertThat(answer.advice()).contains("Windows 11");
        assertThat(answer.supports(IORING_OP_READ)).isFalse();
        assertThatThrownBy(() -> IoRing.open(without, 4))
                .isInstanceOfSatisfying(
                        IoRingException.class,
                        failure -> assertThat(failure.code()).isEqualTo(HResult.E_NOTIMPL));
        assertThatThrownBy(() -> IoRing.create(without, IORING_VERSION_3, 0, 0, 4, 0))
                .isInstanceOf(IoRingException.class);
    }

    @Test
    void noLibraryAtAllIsNoCrash() {
        final IoRingAvailability answer =
                IoRingAvailability.withoutLibrary(new UnsatisfiedLinkError("no such library"));
        assertThat(answer.isUsable()).isFalse();
        assertThat(answer).asString().startsWith("not usable: ").contains("no such library", "Windows 11");
        assertThat(answer.supports(IORING_OP_READ)).isFalse();
    }

    @Test
    void futureVersionsAreTakenAsTheBestKnown() {
        assertThat(new IoRingCapabilities(500, 1, 2, 0).bestVersion()).isEqualTo(IORING_VERSION_4);
        assertThat(new IoRingCapabilities(399, 1, 2, 0).bestVersion()).isEqualTo(IORING_VERSION_3);
        assertThat(new IoRingCapabilities(3, 1, 2, 0).bestVersion()).isEqualTo(IORING_VERSION_2);
        assertThat(new IoRingCapabilities(0, 1, 2, 0).bestVersion()).isEqualTo(IORING_VERSION_INVALID);
    }

    @Test
    void aFileThatIsNotThereSaysSo() throws Exception {
        final Path missing = path("missing");
        assertThatThrownBy(() -> OverlappedFile.open(
                        missing,
                        OverlappedFile.GENERIC_READ,
                        OverlappedFile.FILE_SHARE_READ,
                        OverlappedFile.OPEN_EXISTING,
                        0))
                .isNotInstanceOf(FileNotFoundException.class)
                .isInstanceOf(IoRingException.class)
                .hasMessageContainingAll("missing", "ERROR_FILE_NOT_FOUND", "Check the name");
        try (OverlappedFile created = OverlappedFile.open(
                path("Ünïcödé \uD83D\uDE00"), OverlappedFile.GENERIC_WRITE, 0, OverlappedFile.CREATE_NEW, 0)) {
            assertThat(created.size()).isZero();
        }
        assertThat(path("Ünïcödé \uD83D\uDE00")).exists();
    }
}
