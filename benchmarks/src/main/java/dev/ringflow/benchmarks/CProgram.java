package dev.ringflow.benchmarks;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A program of {@code src/main/c} on liburing, compiled where it is used. */
final class CProgram {
    private static final Path SOURCES = Path.of("src", "main", "c");

    private CProgram() {}

    /**
     * Compiles a program.
     *
     * @param name its source's name without {@code .c}
     * @param directory where the program goes
     * @return the program
     * @throws IOException with what to install, if it cannot be compiled
     */
    static Path compile(final String name, final Path directory) throws IOException {
        final Path program = Files.createDirectories(directory).resolve(name);
        final Path source = findSource(name + ".c");
        final Process compiler;
        try {
            compiler = new ProcessBuilder(
                            "gcc", "-O2", "-o", program.toString(), source.toString(), "-luring", "-lpthread")
                    .redirectErrorStream(true)
                    .start();
        } catch (final IOException e) {
            throw new IOException(
                    "The comparison needs gcc and liburing: apt-get install gcc libc6-dev liburing-dev", e);
        }
        final String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (exitCode(compiler) != 0) {
            throw new IOException(
                    "The comparison needs liburing: apt-get install gcc libc6-dev liburing-dev\n" + output);
        }
        return program.toAbsolutePath();
    }

    private static int exitCode(final Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while gcc runs", e);
        }
    }

    /** Beside the compiled classes, or beside the working directory. */
    private static Path findSource(final String name) throws IOException {
        final Path relative = SOURCES.resolve(name);
        final Path found = findAbove(codeLocation(), relative);
        final Path source =
                found != null ? found : findAbove(Path.of("benchmarks").toAbsolutePath(), relative);
        if (source == null) {
            throw new IOException("No " + relative + " here: run this from the project's folder.");
        }
        return source;
    }

    private static @Nullable Path findAbove(final Path start, final Path relative) {
        for (Path directory = start; directory != null; directory = directory.getParent()) {
            if (Files.isRegularFile(directory.resolve(relative))) {
                return directory.resolve(relative);
            }
        }
        return null;
    }

    private static Path codeLocation() throws IOException {
        try {
            return Path.of(CProgram.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (final URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
