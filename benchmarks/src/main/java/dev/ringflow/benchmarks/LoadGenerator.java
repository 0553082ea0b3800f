package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The one program that plays the clients of every server: load.c, bound to a processor of its own. */
final class LoadGenerator implements AutoCloseable {
    private final Dialogue dialogue;

    private LoadGenerator(final Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    /**
     * Compiles and starts it.
     *
     * @param processor where it is to run
     * @param directory where the program goes
     * @return the generator, without a connection
     * @throws IOException if it cannot be had
     */
    static LoadGenerator start(final int processor, final Path directory) throws IOException {
        final Path program = CProgram.compile("load", directory);
        return new LoadGenerator(Dialogue.start(
                "The load generator", List.of("taskset", "-c", Integer.toString(processor), program.toString())));
    }

    /**
     * Connects to a server.
     *
     * @param slot a number from 0 to 15 to know the connections by
     * @param port where the server listens
     * @param connections how many
     */
    void open(final int slot, final int port, final int connections) throws IOException {
        dialogue.ask("open " + slot + " " + port + " " + connections);
    }

    /** Has every connection of a slot echo messages, one at a time, each byte of which is compared. */
    Load run(final int slot, final int millis, final int bytes) throws IOException {
        return Load.of(dialogue.askNumbers("run " + slot + " " + millis + " " + bytes));
    }

    /** Connects to a server, has one byte echoed and resets, again and again. */
    Load rush(final int slot, final int port, final int millis, final int width) throws IOException {
        return Load.of(dialogue.askNumbers("rush " + slot + " " + port + " " + millis + " " + width));
    }

    /** Resets the connections of a slot. */
    void close(final int slot) throws IOException {
        dialogue.ask("close " + slot);
    }

    @Override
    public void close() {
        dialogue.close();
    }

    /**
     * What the clients saw.
     *
     * @param requests that were answered
     * @param nanos from the first request to the last answer
     * @param cpuNanos of the generator
     * @param median latency in nanoseconds
     * @param slow what 99 of 100 stay within
     * @param slowest what 999 of 1000 stay within
     */
    record Load(long requests, long nanos, long cpuNanos, long median, long slow, long slowest) {
        private static Load of(final long... numbers) {
            return new Load(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
        }

        double perSecond() {
            return requests * 1e9 / nanos;
        }

        /** How busy the generator was, at most 1. */
        double busy() {
            return (double) cpuNanos / nanos;
        }
    }
}
