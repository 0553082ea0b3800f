package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pools of users who may not lock as much memory as they ask for: the rest is plain memory, and counted. */
@Timeout(180)
final class UringLockedMemoryTest {
    private static final Pattern SLABS = Pattern.compile("slabs 16 registered (\\d+)");

    /** Where everybody may read. */
    @TempDir
    static Path directory;

    @BeforeAll
    static void needsLinux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "io_uring is Linux's");
    }

    private static int registeredWith(String lockedBytes) throws Exception {
        String output = ChildJvm.runAsOrdinaryUser(lockedBytes, directory, LockedMemoryProgram.class, "-");
        assumeFalse(output.contains("no ring"), "io_uring cannot be had with so little");
        assumeFalse(output.contains("no registration"), "this kernel cannot register while requests are in flight");
        Matcher slabs = SLABS.matcher(output);
        assertThat(slabs.find()).as(output).isTrue();
        int registered = Integer.parseInt(slabs.group(1));
        assertThat(output)
                .contains("moved 16\n", "fallbacks " + 256 * (16 - registered) + "\n")
                .contains("Slabs: 16/16, Buffers: 4096/4096 (100.0%), Fallbacks: ");
        return registered;
    }

    @Test
    void whatTheLimitDoesNotCoverIsPlainMemory() throws Exception {
        assertThat(registeredWith("5242880")).as("slabs of 1 MiB in 5 MiB").isBetween(1, 5);
    }

    @Test
    void poolWithoutAnyLockedMemoryWorks() throws Exception {
        assertThat(registeredWith("524288")).as("slabs of 1 MiB in 512 KiB").isZero();
    }
}
