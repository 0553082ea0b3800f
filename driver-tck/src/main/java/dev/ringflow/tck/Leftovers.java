package dev.ringflow.tck;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;

/** What a process holds of the system, by Linux's {@code /proc/self}. */
record Leftovers(TreeMap<String, Integer> descriptors, int threads, int mappings) {
    private static final Path SELF = Path.of("/proc/self");

    static void assumeVisible() {
        Assumptions.assumeTrue(
                Files.isDirectory(SELF.resolve("fd")) && Files.isSymbolicLink(SELF.resolve("exe")),
                "there is no /proc that this JVM can read");
    }

    static Leftovers now() {
        try {
            return new Leftovers(openDescriptors(), count(SELF.resolve("task")), lines(SELF.resolve("maps")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** How many descriptors there are of each kind, numbers left out. */
    private static TreeMap<String, Integer> openDescriptors() throws IOException {
        TreeMap<String, Integer> kinds = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(SELF.resolve("fd"))) {
            for (Path each : all) {
                try {
                    String target = Files.readSymbolicLink(each).toString();
                    // the virtual machine looks at the kernel's own files now and then, such as its memory limit, and
                    // opens archives of classes when it first needs them
                    if (!target.startsWith("/proc/") && !target.startsWith("/sys/") && !target.endsWith(".jar")) {
                        kinds.merge(target.replaceAll("[0-9]+", "#"), 1, Integer::sum);
                    }
                } catch (IOException closedMeanwhile) {
                    // such as the descriptor of this very listing
                }
            }
        }
        return kinds;
    }

    private static int count(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return (int) all.count();
        }
    }

    private static int lines(Path file) throws IOException {
        try (var all = Files.lines(file, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            return (int) all.count();
        }
    }

    /** Whether no descriptor is left over; what others left may go meanwhile. */
    boolean isNoMoreThan(Leftovers before) {
        return descriptors.entrySet().stream()
                .allMatch(each -> each.getValue() <= before.descriptors.getOrDefault(each.getKey(), 0));
    }

    int descriptorCount() {
        return descriptors.values().stream().mapToInt(Integer::intValue).sum();
    }
}
