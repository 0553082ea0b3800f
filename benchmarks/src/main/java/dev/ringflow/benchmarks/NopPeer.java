package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A C program on liburing, compiled here and kept running: measures NOPs when it is asked to. */
final class NopPeer implements AutoCloseable {
    private final Dialogue dialogue;

    private NopPeer(final Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    /**
     * Compiles and starts the program.
     *
     * @param directory where the program goes
     * @return the running program
     * @throws IOException with what to install, if it cannot be compiled
     */
    static NopPeer start(final Path directory) throws IOException {
        final Path program = CProgram.compile("nop", directory);
        return new NopPeer(Dialogue.start("The C program", List.of(program.toString())));
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
        final long[] numbers = dialogue.askNumbers(batch + " " + millis);
        return NopCost.of(numbers[0], numbers[1], numbers[2]);
    }

    @Override
    public void close() {
        dialogue.close();
    }
}
