package dev.ringflow.windows;

import dev.ringflow.windows.internal.IoRingLibrary;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.internal.KernelBase;
import dev.ringflow.windows.internal.Libraries;
import dev.ringflow.windows.internal.Ntdll;
import dev.ringflow.windows.ioring.IoRing;
import dev.ringflow.windows.ioring.IoRingAvailability;
import dev.ringflow.windows.rio.Rio;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * The libraries in the place of Windows': compiled by gcc for the Linux JVM, at the first use. On Windows the build has
 * compiled them before, and says where in the system property {@value #DIRECTORY_PROPERTY}.
 *
 * <p>As an extension it makes sure that they are there and that the system properties name them, before a class binds any
 * function. Without gcc the test class is skipped; with CI set it fails.
 *
 * <p>With the system property {@value #REAL_PROPERTY} set to {@code true} there are no simulators: the tests run on what
 * Windows itself has, and fail where it lacks I/O rings or Registered I/O. What needs a simulator is skipped, and says so.
 */
public final class Simulators implements BeforeAllCallback {
    /** System property: where the compiled simulators are. */
    public static final String DIRECTORY_PROPERTY = "ringflow.windows.simulators";

    /** System property: {@code true} for the I/O rings and the Registered I/O of Windows itself. */
    public static final String REAL_PROPERTY = "ringflow.windows.real";

    private static final class Compiled {
        static final Path DIRECTORY = prepare();
    }

    @Override
    public void beforeAll(final ExtensionContext context) {
        if (isReal()) {
            requireWindows();
        } else {
            directory();
        }
    }

    /** Whether the tests run on what Windows itself has. */
    public static boolean isReal() {
        return Boolean.getBoolean(REAL_PROPERTY);
    }

    /** Fails unless there are I/O rings and Registered I/O: skipping for want of them would prove nothing. */
    private static void requireWindows() {
        final IoRingAvailability rings = IoRing.availability();
        if (!rings.isUsable()) {
            throw new AssertionError("-D" + REAL_PROPERTY + " asks for the I/O rings of Windows: " + rings);
        }
        final String sockets = Rio.unavailable();
        if (sockets != null) {
            throw new AssertionError("-D" + REAL_PROPERTY + " asks for the Registered I/O of Windows: " + sockets);
        }
    }

    /** What a test is skipped with that needs a simulator, where there is none. */
    public static TestAbortedException without(final String what) {
        return new TestAbortedException(what + ": that takes the simulator, and -D" + REAL_PROPERTY + " is set");
    }

    /**
     * A simulator. A test that asks for one is skipped on Windows itself.
     *
     * @param name without prefix and suffix, as {@code simioring}
     * @return the path of the library
     */
    public static String path(final String name) {
        if (isReal()) {
            throw without(name);
        }
        return directory()
                .resolve(Libraries.isWindows() ? name + ".dll" : "lib" + name + ".so")
                .toString();
    }

    private static Path directory() {
        if (System.getProperty(DIRECTORY_PROPERTY) == null && !Libraries.isWindows() && !hasCompiler()) {
            if (System.getenv("CI") != null) {
                throw new AssertionError("gcc is needed here: apt-get install gcc libc6-dev");
            }
            throw new TestAbortedException("no gcc: there are no simulators for the functions of Windows");
        }
        return Compiled.DIRECTORY;
    }

    private static Path prepare() {
        final String given = System.getProperty(DIRECTORY_PROPERTY);
        final Path directory = given != null ? Path.of(given).toAbsolutePath() : compile();
        if (!Libraries.isWindows()) {
            System.setProperty(
                    Kernel32.LIBRARY_PROPERTY,
                    directory.resolve("libsimwin32.so").toString());
            System.setProperty(
                    KernelBase.LIBRARY_PROPERTY,
                    directory.resolve("libsimwin32.so").toString());
            System.setProperty(
                    Ntdll.LIBRARY_PROPERTY, directory.resolve("libsimwin32.so").toString());
        }
        System.setProperty(
                IoRingLibrary.LIBRARY_PROPERTY,
                directory
                        .resolve(Libraries.isWindows() ? "simioring.dll" : "libsimioring.so")
                        .toString());
        System.setProperty(IoRingLibrary.ABI_PROPERTY, "x64");
        System.setProperty(
                "ringflow.windows.ws2_32",
                directory
                        .resolve(Libraries.isWindows() ? "simrio.dll" : "libsimwin32.so")
                        .toString());
        return directory;
    }

    private static Path compile() {
        if (Libraries.isWindows()) {
            throw new AssertionError("on Windows -D" + DIRECTORY_PROPERTY + " says where the simulators are");
        }
        try {
            final Path directory = Files.createTempDirectory("ringflow-simulators");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            final String output = run("sh", sources().resolve("build.sh").toString(), "linux", directory.toString());
            if (!output.isBlank()) {
                throw new AssertionError("the simulators do not compile:\n" + output);
            }
            return directory;
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The directory of the C sources: that of the module, wherever the tests are started. */
    public static Path sources() {
        final Path here = Path.of("src", "test", "c");
        return Files.isDirectory(here) ? here : Path.of("native-ioring-windows").resolve(here);
    }

    private static boolean hasCompiler() {
        try {
            run("gcc", "--version");
            return true;
        } catch (final IOException e) {
            return false;
        }
    }

    /** Runs a command: its output; whatever its exit code was. */
    public static String run(final String... command) throws IOException {
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end of " + String.join(" ", command));
            }
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
        return output;
    }

    private static void delete(final Path directory) {
        try (var files = Files.list(directory)) {
            files.forEach(file -> file.toFile().delete());
        } catch (final IOException e) {
            // a temporary directory is left
        }
        directory.toFile().delete();
    }
}
