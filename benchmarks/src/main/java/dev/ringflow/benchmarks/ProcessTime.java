package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Processor time and memory of another process; see proc(5).
 *
 * @param nanos what its threads that still run have used, exactly; of the whole in {@code userTicks} and
 *     {@code systemTicks}
 * @param userTicks time in user mode, in hundredths of a second
 * @param systemTicks time in the kernel, in hundredths of a second
 */
record ProcessTime(long nanos, long userTicks, long systemTicks) {
    /** Of the words that follow the command's name in brackets. */
    private static final int UTIME = 11;

    static ProcessTime of(final long pid) throws IOException {
        final Path process = Path.of("/proc", Long.toString(pid));
        long nanos = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.resolve("task"))) {
            for (final Path each : threads) {
                try {
                    nanos += Long.parseLong(
                            Files.readString(each.resolve("schedstat")).split(" ", -1)[0]);
                } catch (final NoSuchFileException ended) {
                    continue;
                }
            }
        }
        final String stat = Files.readString(process.resolve("stat"));
        final String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new ProcessTime(nanos, Long.parseLong(words[UTIME]), Long.parseLong(words[UTIME + 1]));
    }

    /** How many bytes of a process are in memory. */
    static long residentBytes(final long pid) throws IOException {
        for (final String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("no VmRSS of process " + pid);
    }
}
