package dev.ringflow.benchmarks;

/** One way to work on a file, measured in rounds. */
interface FileSide extends AutoCloseable {
    /** What it is called in the table. */
    String name();

    /** Whether it is RingFlow. */
    default boolean isOurs() {
        return false;
    }

    /** Works for about so long. */
    FileCost measure(int millis) throws Exception;

    @Override
    void close() throws Exception;
}
