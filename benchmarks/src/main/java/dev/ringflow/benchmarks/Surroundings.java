package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a reader has to know of the machine to judge a table. */
final class Surroundings {
    private Surroundings() {}

    /** One line. */
    static String line(final Path directory) throws IOException {
        return "Java " + System.getProperty("java.version") + ", Linux " + System.getProperty("os.version") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors, "
                + Files.getFileStore(directory).type() + " on "
                + Files.getFileStore(directory).name();
    }

    /** The numbers of uptime(1). */
    static String load() {
        try {
            final String[] words = Files.readString(Path.of("/proc/loadavg")).split(" ", -1);
            return words[0] + " " + words[1] + " " + words[2];
        } catch (final IOException unknown) {
            return "unknown";
        }
    }

    /** Where benchmarks put files: beside the build's other results, which is on a disk. */
    static Path defaultDirectory() {
        final Path module = Path.of("benchmarks");
        return Files.isDirectory(module) ? module.resolve("target") : Path.of("target");
    }
}
