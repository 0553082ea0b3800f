package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

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

    /** The same and more, by name, for the reports. */
    static Map<String, String> facts(final Path directory) throws IOException {
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Java", System.getProperty("java.version") + ", " + System.getProperty("java.vm.name"));
        facts.put("Linux", System.getProperty("os.version") + ", " + System.getProperty("os.arch"));
        facts.put("processor", line(Path.of("/proc/cpuinfo"), "model name"));
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("memory", line(Path.of("/proc/meminfo"), "MemTotal"));
        facts.put(
                "file system",
                Files.getFileStore(directory).type() + " on "
                        + Files.getFileStore(directory).name());
        facts.put("load at the beginning", load());
        return facts;
    }

    /** What a file of proc(5) says after a name and a colon. */
    private static String line(final Path file, final String name) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(each -> each.startsWith(name))
                    .map(each -> each.substring(each.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("unknown");
        } catch (final IOException absent) {
            return "unknown";
        }
    }

    /** Where reports go, unless somebody says otherwise. */
    static Path reports() {
        return Path.of(System.getProperty("ringflow.bench.reports", "target/bench"));
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
