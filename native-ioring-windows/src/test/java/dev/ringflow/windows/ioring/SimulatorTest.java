package dev.ringflow.windows.ioring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.Libraries;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulator ends a process that does what would crash it, or damage the ring, on Windows. */
@ExtendWith(Simulators.class)
class SimulatorTest {
    @ParameterizedTest
    @ValueSource(strings = {"closed", "unaligned"})
    void misuseEndsTheProcess(final String what) throws Exception {
        assumeFalse(
                Libraries.isWindows() && what.equals("unaligned"),
                "there the compiler takes the reference out of the caller's copy, before anybody can look at it");
        final Path directory = Path.of(Simulators.path("simioring")).getParent();
        final String output = Simulators.run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + directory.resolve("misuse-%p.log"),
                "-D" + Simulators.DIRECTORY_PROPERTY + "=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                Misuse.class.getName(),
                what);
        assertThat(output).contains("a ring is open").doesNotContain("it went through");
        assertThat(output)
                .contains("simulated IoRing: " + (what.equals("closed") ? "PopIoRingCompletion: " : "BuildIoRing"));
    }
}
