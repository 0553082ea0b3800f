package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processor time of programs that this process has started and that have ended; see proc(5). */
final class ChildTime {
    private static final long NANOS_PER_TICK = 10_000_000;
    /** Of the words that follow the command's name in brackets. */
    private static final int CUTIME = 13;

    private ChildTime() {}

    static long nanos() throws IOException {
        final String stat = Files.readString(Path.of("/proc/self/stat"));
        final String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(words[CUTIME]) + Long.parseLong(words[CUTIME + 1])) * NANOS_PER_TICK;
    }
}
