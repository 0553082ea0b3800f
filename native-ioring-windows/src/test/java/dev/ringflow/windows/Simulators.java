package dev.ringflow.windows;

import dev.ringflow.windows.internal.IoRingLibrary;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.internal.Libraries;
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
 */
public final class Simulators implements BeforeAllCallback {
    /** System property: where the compiled simulators are. */
    public static final String DIRECTORY_PROPERTY = "ringflow.windows.simulators";

    private static final class Compiled {
        static final Path DIRECTORY = prepare();
    }

    @Override
    public void beforeAll(final ExtensionContext context) {
        directory();
    }

    /**
     * A simulator.
     *
     * @param name without prefix and suffix, as {@code simioring}
     * @return the path of the library
     */
    public static String path(final String name) {
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
