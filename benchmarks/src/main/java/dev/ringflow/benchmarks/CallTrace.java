package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Counts the system calls of a process from outside: by perf-stat(1), which hardly disturbs it, and where that is not
 * allowed by strace(1). The latter slows each call down, so that a server that serves several requests with one call then
 * serves more of them with one. Either has a round of its own.
 */
final class CallTrace {
    private static final String EVENT = "raw_syscalls:sys_enter";
    private static final boolean EXACT = perfWorks();

    private final Path summary;
    private final Process counter;

    private CallTrace(final Path summary, final Process counter) {
        this.summary = summary;
        this.counter = counter;
    }

    /** Whether the counting leaves the process as it is. */
    static boolean isExact() {
        return EXACT;
    }

    static boolean isPossible() {
        return EXACT || Files.isExecutable(Path.of("/usr/bin/strace"));
    }

    private static boolean perfWorks() {
        try {
            return new ProcessBuilder("perf", "stat", "-x,", "-e", EVENT, "true")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (final IOException absent) {
            return false;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Begins to count; returns when the counter has hold of the process. */
    static CallTrace begin(final long pid, final Path directory) throws IOException, InterruptedException {
        final Path summary = directory.resolve("calls-" + pid + ".txt");
        final String id = Long.toString(pid);
        final String file = summary.toString();
        final List<String> command = EXACT
                ? List.of("perf", "stat", "-x,", "-e", EVENT, "-o", file, "-p", id)
                : List.of("strace", "-f", "-c", "-U", "calls,name", "-o", file, "-p", id);
        final Process counter = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        for (int i = 0; i < 200 && !hasHold(counter, pid); i++) {
            if (counter.waitFor(10, TimeUnit.MILLISECONDS)) {
                throw new IOException(command.get(0) + " has ended with " + counter.exitValue());
            }
        }
        return new CallTrace(summary, counter);
    }

    private static boolean hasHold(final Process counter, final long pid) throws IOException {
        if (!EXACT) {
            return Files.readString(Path.of("/proc", Long.toString(pid), "status"))
                    .lines()
                    .noneMatch("TracerPid:\t0"::equals);
        }
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(counter.pid()), "fd"))) {
            for (final Path each : files) {
                if (Files.readSymbolicLink(each).toString().contains("perf_event")) {
                    return true;
                }
            }
        } catch (final IOException changing) {
            return false;
        }
        return false;
    }

    /** Ends; answers the number of calls. */
    long end() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(counter.pid())).start().waitFor();
        if (!counter.waitFor(10, TimeUnit.SECONDS)) {
            counter.destroyForcibly();
            throw new IOException("the counter of system calls does not end");
        }
        try (Stream<String> lines = Files.lines(summary)) {
            return lines.mapToLong(CallTrace::calls).sum();
        } finally {
            Files.delete(summary);
        }
    }

    /** What a line of a summary counts: {@code 123,,raw_syscalls:sys_enter,…} or {@code 123 total}. */
    static long calls(final String line) {
        if (line.contains(EVENT)) {
            final String number = line.substring(0, line.indexOf(','));
            return number.matches("[0-9]+") ? Long.parseLong(number) : 0;
        }
        final String[] words = line.trim().split("\\s+", -1);
        return words.length == 2 && words[1].equals("total") ? Long.parseLong(words[0]) : 0;
    }
}
