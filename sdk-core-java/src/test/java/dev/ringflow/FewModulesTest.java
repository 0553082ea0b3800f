package dev.ringflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FewModulesTest {
    @Test
    void ringWorksWhereJfrAndJmxAreMissing() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--limit-modules",
                        "java.base,java.logging",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FewModulesProgram.class.getName())
                .redirectErrorStream(true)
                .start();
        child.onExit().orTimeout(100, TimeUnit.SECONDS).exceptionally(late -> child.destroyForcibly());
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(output).isZero();
        assertThat(output.lines()).containsExactly("read 8", "jfr false", "management false", "closed");
    }
}
