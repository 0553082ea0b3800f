package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sends without copying by a user who may not lock as much memory as they need: they are copied, and nothing is lost. */
@Timeout(180)
final class UringZeroCopyShortageTest {
    /** Where everybody may read. */
    @TempDir
    static Path directory;

    @Test
    void whatTheLimitDoesNotCoverIsCopied() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "io_uring is Linux's");
        String output = ChildJvm.runAsOrdinaryUser("524288", directory, ZeroCopyShortageProgram.class, "-");
        assumeFalse(output.contains("no ring"), "io_uring cannot be had with so little");
        assumeFalse(output.contains("no zero-copy send"), "this kernel has no zero-copy send");
        assertThat(output)
                .contains("arrived true\narrived true\narrived true\n")
                .doesNotContain("arrived false");
        assertThat(output).contains("copied at times: the limit of locked memory was used up");
    }
}
