package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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
    private static final long PATIENCE_SECONDS = 150;
    /** A user for each process: locked memory is charged to the user, and given back late. */
    private static final AtomicLong ORDINARY_USER =
            new AtomicLong(20_000 + ProcessHandle.current().pid() % 40_000);

    private static final Pattern TEST_TOOLS = Pattern.compile("byte-buddy|assertj|junit|abi-tools|kotlin");
    private static final Path SYSCTL = Path.of("/proc/sys/kernel/io_uring_disabled");

    /** Where everybody may read. */
    @TempDir
    static Path directory;

    private static @Nullable String readableClassPath;

    @BeforeAll
    static void needsLinux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "io_uring is Linux's");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EPERM", "ENOSYS"})
    void aSeccompFilterIsNamedAndNioServes(String errno) throws Exception {
        assumeNoSysctl();
        assumeTrue(SeccompFilter.obstacle() == null, SeccompFilter::obstacle);

        Outcome outcome = run(List.of(), classPath(), errno);

        assertThat(outcome.lineOf("driver uring"))
                .startsWith("driver uring BLOCKED_BY_SECCOMP | io_uring_setup(2) answers " + errno + " on Linux")
                .contains("seccomp filter", "io_uring_setup, io_uring_enter and io_uring_register");
        outcome.assertThatNioServes("BLOCKED_BY_SECCOMP");
    }

    /** Without a filter the same program gets io_uring, so that it is the filter that the tests above see. */
    @Test
    void withoutAnyObstacleTheSameProgramGetsTheRing() throws Exception {
        assumeNoSysctl();

        Outcome outcome = run(List.of(), classPath(), "-");

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

        Outcome outcome = run(List.of(), classPath(), "-");

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
        run(List.of(), classPath(), "-").assertThatRingServes();
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

    /** Runs the program as a user without privileges, who may lock so many bytes of memory. */
    private static Outcome runAsOrdinaryUser(String lockedBytes) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "to become an ordinary user takes root");
        long user = ORDINARY_USER.getAndIncrement();
        List<String> becoming = List.of(
                "prlimit",
                "--memlock=" + lockedBytes,
                "setpriv",
                "--reuid=" + user,
                "--regid=" + user,
                "--clear-groups");
        List<String> trial = new ArrayList<>(becoming);
        trial.addAll(List.of("test", "-x", java()));
        assumeTrue(succeeds(trial), () -> "cannot be run here: " + String.join(" ", trial));
        return run(becoming, readableClassPath(), "-");
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchTool) {
            return false;
        }
    }

    private static Outcome run(List<String> prefix, String classPath, String errno) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                classPath,
                SwitchedOffProgram.class.getName(),
                errno));
        Process child = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(new File("/"))
                .start();
        child.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).exceptionally(late -> child.destroyForcibly());
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(output).isZero();
        return new Outcome(output);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> absolute = new ArrayList<>();
        for (String each : all.split(File.pathSeparator)) {
            absolute.add(Path.of(each).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, absolute);
    }

    /** The class path, copied to where everybody may read: a home directory is often closed to others. */
    private static String readableClassPath() throws IOException {
        String already = readableClassPath;
        if (already != null) {
            return already;
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> copies = new ArrayList<>();
        for (String each : classPath().split(File.pathSeparator)) {
            Path original = Path.of(each);
            if (Files.exists(original)
                    && !TEST_TOOLS.matcher(original.getFileName().toString()).lookingAt()) {
                Path copy = directory.resolve(copies.size() + "-" + original.getFileName());
                copyTree(original, copy);
                copies.add(copy.toString());
            }
        }
        String all = String.join(File.pathSeparator, copies);
        readableClassPath = all;
        return all;
    }

    private static void copyTree(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                copy(folder, "rwxr-xr-x");
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                copy(file, "rw-r--r--");
                return FileVisitResult.CONTINUE;
            }

            private void copy(Path each, String permissions) throws IOException {
                Path target = each.equals(from)
                        ? to
                        : to.resolve(from.relativize(each).toString());
                Files.copy(each, target);
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(permissions));
            }
        });
    }
}
