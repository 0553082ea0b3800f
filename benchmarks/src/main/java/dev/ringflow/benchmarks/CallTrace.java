package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Counts the system calls of a process from outside, by strace(1). It slows each call down, so it has a round of its
 * own; a server that serves several requests with one call then serves more of them with one.
 */
final class CallTrace {
    private final Path summary;
    private final Process strace;

    private CallTrace(final Path summary, final Process strace) {
        this.summary = summary;
        this.strace = strace;
    }

    static boolean isPossible() {
        return Files.isExecutable(Path.of("/usr/bin/strace"));
    }

    /** Begins to count; returns when strace has hold of the process. */
    static CallTrace begin(final long pid, final Path directory) throws IOException, InterruptedException {
        final Path summary = directory.resolve("strace-" + pid + ".txt");
        final Process strace = new ProcessBuilder(List.of(
                        "strace", "-f", "-c", "-U", "calls,name", "-o", summary.toString(), "-p", Long.toString(pid)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        for (int i = 0; i < 200 && !isTraced(pid); i++) {
            if (strace.waitFor(10, TimeUnit.MILLISECONDS)) {
                throw new IOException("strace has ended with " + strace.exitValue());
            }
        }
        return new CallTrace(summary, strace);
    }

    private static boolean isTraced(final long pid) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(pid), "status"))
                .lines()
                .noneMatch("TracerPid:\t0"::equals);
    }

    /** Ends; answers the number of calls. */
    long end() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(strace.pid())).start().waitFor();
        if (!strace.waitFor(10, TimeUnit.SECONDS)) {
            strace.destroyForcibly();
            throw new IOException("strace does not end");
        }
        try {
            for (final String line : Files.readAllLines(summary)) {
                final String[] words = line.trim().split("\\s+", -1);
                if (words.length == 2 && words[1].equals("total")) {
                    return Long.parseLong(words[0]);
                }
            }
            return 0;
        } finally {
            Files.delete(summary);
        }
    }
}
