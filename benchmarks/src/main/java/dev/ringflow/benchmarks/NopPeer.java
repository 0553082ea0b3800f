package dev.ringflow.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A C program on liburing, compiled here and kept running: measures NOPs when it is asked to. */
final class NopPeer implements AutoCloseable {
    private static final Path SOURCE = Path.of("src", "main", "c", "nop.c");

    private final Process process;
    private final PrintWriter requests;
    private final BufferedReader answers;

    private NopPeer(final Process process) {
        this.process = process;
        requests = new PrintWriter(process.getOutputStream(), false, StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Compiles and starts the program.
     *
     * @param directory where the program goes
     * @return the running program
     * @throws IOException with what to install, if it cannot be compiled
     */
    static NopPeer start(final Path directory) throws IOException {
        final Path program = Files.createDirectories(directory).resolve("nop");
        final Path source = findSource();
        final Process compiler;
        try {
            compiler = new ProcessBuilder("gcc", "-O2", "-o", program.toString(), source.toString(), "-luring")
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
        final NopPeer peer = new NopPeer(new ProcessBuilder(program.toString()).start());
        final String ready = peer.answers.readLine();
        if (!"ready".equals(ready)) {
            peer.close();
            throw new IOException("The C program cannot open its ring: " + ready);
        }
        return peer;
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
    private static Path findSource() throws IOException {
        final Path found = findAbove(codeLocation());
        final Path source =
                found != null ? found : findAbove(Path.of("benchmarks").toAbsolutePath());
        if (source == null) {
            throw new IOException("No " + SOURCE + " here: run this from the project's folder.");
        }
        return source;
    }

    private static @Nullable Path findAbove(final Path start) {
        for (Path directory = start; directory != null; directory = directory.getParent()) {
            if (Files.isRegularFile(directory.resolve(SOURCE))) {
                return directory.resolve(SOURCE);
            }
        }
        return null;
    }

    private static Path codeLocation() throws IOException {
        try {
            return Path.of(NopPeer.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (final URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /**
     * Measures.
     *
     * @param batch NOPs a system call
     * @param millis for how long
     * @return what a NOP takes
     * @throws IOException if the program fails
     */
    NopCost measure(final int batch, final int millis) throws IOException {
        requests.println(batch + " " + millis);
        requests.flush();
        final String answer = answers.readLine();
        if (answer == null || answer.startsWith("error")) {
            throw new IOException("The C program failed: " + answer);
        }
        final String[] words = answer.split(" ", -1);
        return NopCost.of(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
    }

    @Override
    public void close() {
        requests.close();
        process.destroy();
    }
}
