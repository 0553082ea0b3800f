package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;

/** The one program that plays the clients of every server: load.c, bound to a processor of its own. */
final class LoadGenerator implements AutoCloseable {
    /** How many digits of a latency are kept. */
    private static final int DIGITS = 3;

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

    /**
     * Has the connections of a slot echo messages at a fixed rate, each sent when its time has come, or as soon after
     * that as its connection has the one before back. Latency counts from when it was to be sent.
     *
     * @param slot whose connections
     * @param millis for how long requests are due
     * @param bytes of each message
     * @param rate requests a second
     * @param file where the program leaves the latencies; deleted
     * @return what the clients saw
     */
    Paced pace(final int slot, final int millis, final int bytes, final int rate, final Path file) throws IOException {
        final long[] numbers =
                dialogue.askNumbers("pace " + slot + " " + millis + " " + bytes + " " + rate + " " + file);
        final Histogram latencies = new Histogram(DIGITS);
        final ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        Files.delete(file);
        while (content.hasRemaining()) {
            latencies.recordValue(content.getLong());
        }
        final Load load = new Load(
                numbers[0],
                numbers[1],
                numbers[2],
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99),
                latencies.getValueAtPercentile(99.9));
        return new Paced(load, latencies, numbers[3]);
    }

    /**
     * What the clients saw of a fixed load.
     *
     * @param load the numbers
     * @param latencies in nanoseconds, from when each request was to be sent
     * @param lateNanos how late the generator itself was at worst
     */
    record Paced(Load load, Histogram latencies, long lateNanos) {}

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
