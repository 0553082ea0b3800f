package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes in which io_uring is refused for real: they open a ring all the same, it works, and they are told why it is
 * not io_uring's and what to do about it.
 *
 * <p>The sysctl is of the whole machine, so it is set only where a kernel is booted for this: {@code ./ringflow kernels}
 * does that, with {@code -Dringflow.switchedOff=sysctl}.
 */
@Timeout(180)
final class UringSwitchedOffTest {
    private static final Path SYSCTL = Path.of("/proc/sys/kernel/io_uring_disabled");

    /** Where everybody may read. */
    @TempDir
    static Path directory;

    @BeforeAll
    static void needsLinux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "io_uring is Linux's");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EPERM", "ENOSYS"})
    void aSeccompFilterIsNamedAndNioServes(String errno) throws Exception {
        assumeNoSysctl();
        assumeTrue(SeccompFilter.obstacle() == null, SeccompFilter::obstacle);

        Outcome outcome = run(errno);

        assertThat(outcome.lineOf("driver uring"))
                .startsWith("driver uring BLOCKED_BY_SECCOMP | io_uring_setup(2) answers " + errno + " on Linux")
                .contains("seccomp filter", "io_uring_setup, io_uring_enter and io_uring_register");
        outcome.assertThatNioServes("BLOCKED_BY_SECCOMP");
    }

    /** Without a filter the same program gets io_uring, so that it is the filter that the tests above see. */
    @Test
    void withoutAnyObstacleTheSameProgramGetsTheRing() throws Exception {
        assumeNoSysctl();

        Outcome outcome = run("-");

        assumeTrue(outcome.lineOf("driver uring").startsWith("driver uring USABLE"), "io_uring cannot be had here");
        outcome.assertThatRingServes();
    }

    /** Some kernels charge rings to the limit, and a limit of nothing leaves no ring. */
    @Test
    void aLimitOfLockedMemoryThatLeavesNoRingIsNamedAndNioServes() throws Exception {
        assumeNoSysctl();

        Outcome outcome = runAsOrdinaryUser("0");

        if (outcome.lineOf("driver uring").startsWith("driver uring USABLE")) {
            outcome.assertThatRingServes();
            abort("this kernel does not charge rings to the limit of locked memory");
        }
        assertThat(outcome.lineOf("driver uring"))
                .startsWith("driver uring LOCKED_MEMORY_LIMIT | io_uring_setup(2) answers ENOMEM on Linux")
                .contains("The limit of locked memory is 0 KiB", "needs about 8 KiB", "ulimit -l");
        outcome.assertThatNioServes("LOCKED_MEMORY_LIMIT");
    }

    /** 64 KiB, as Linux before 5.16 gives everybody: enough for a ring, though perhaps for a smaller one. */
    @Test
    void aSmallLimitOfLockedMemoryStillGivesARing() throws Exception {
        assumeNoSysctl();

        Outcome outcome = runAsOrdinaryUser("65536");

        assumeTrue(outcome.lineOf("driver uring").startsWith("driver uring USABLE"), "io_uring cannot be had here");
        outcome.assertThatRingServes();
    }

    @Test
    void theSysctlIsNamedAndNioServesEvenRoot() throws Exception {
        assumeSysctlIsOurs();
        Files.writeString(SYSCTL, "2");

        Outcome outcome = run("-");

        assertThat(outcome.lineOf("driver uring"))
                .startsWith("driver uring DISABLED_BY_SYSCTL | io_uring_setup(2) answers EPERM on Linux")
                .endsWith("io_uring is switched off on this machine: set sysctl kernel.io_uring_disabled=0.");
        outcome.assertThatNioServes("DISABLED_BY_SYSCTL");
    }

    @Test
    void theSysctlThatSparesPrivilegedUsersIsNamedToOthers() throws Exception {
        assumeSysctlIsOurs();
        Files.writeString(SYSCTL, "1");

        Outcome ordinary = runAsOrdinaryUser("8388608");
        assertThat(ordinary.lineOf("driver uring"))
                .startsWith("driver uring DISABLED_BY_SYSCTL | io_uring_setup(2) answers EPERM on Linux")
                .contains("kept to privileged users", "kernel.io_uring_group");
        ordinary.assertThatNioServes("DISABLED_BY_SYSCTL");
        run("-").assertThatRingServes();
    }

    /** The kernel was booted with io_uring switched off, and belongs to this test. */
    private static void assumeSysctlIsOurs() {
        assumeTrue(
                "sysctl".equals(System.getProperty("ringflow.switchedOff")),
                "only under a kernel that was booted for it, by ./ringflow kernels");
        assertThat(SYSCTL).exists();
        assertThat(isSwitchedOffBySysctl())
                .as("as booted, or as another test left it")
                .isTrue();
    }

    private static void assumeNoSysctl() {
        assumeFalse(isSwitchedOffBySysctl(), "the sysctl switches io_uring off here");
    }

    private static boolean isSwitchedOffBySysctl() {
        try {
            return !Files.readString(SYSCTL).trim().equals("0");
        } catch (IOException e) {
            return false; // before Linux 6.6 there is none
        }
    }

    // Processes.

    /** What the program said, and the log with it. */
    private record Outcome(String output) {
        String lineOf(String beginning) {
            return output.lines()
                    .filter(line -> line.startsWith(beginning))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no \"" + beginning + "\" in " + output));
        }

        void assertThatNioServes(String reason) {
            assertThat(output)
                    .contains("opened nio\n", "file written and read\n", "echo said and heard\n")
                    .doesNotContain("insisted")
                    .containsOnlyOnce("RingFlow uses the driver \"nio\", since \"uring\" cannot be had");
            assertThat(lineOf("refused"))
                    .startsWith("refused " + reason + " | The driver \"uring\" cannot be used")
                    .contains(lineOf("driver uring").split(" \\| ")[1]);
        }

        void assertThatRingServes() {
            assertThat(output)
                    .contains("opened uring\n", "file written and read\n", "echo said and heard\n", "insisted uring\n")
                    .doesNotContain("cannot be had");
        }
    }

    private static Outcome runAsOrdinaryUser(String lockedBytes) throws Exception {
        return new Outcome(ChildJvm.runAsOrdinaryUser(lockedBytes, directory, SwitchedOffProgram.class, "-"));
    }

    private static Outcome run(String errno) throws Exception {
        return new Outcome(ChildJvm.run(SwitchedOffProgram.class, errno));
    }
}
