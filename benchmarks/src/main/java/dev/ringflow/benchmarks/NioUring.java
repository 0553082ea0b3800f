package dev.ringflow.benchmarks;

/** nio_uring, as a peer: what it can take part in, and what not. */
final class NioUring {
    /** What it is called in the tables. */
    static final String NAME = "nio_uring 0.1.3";

    private NioUring() {}

    /**
     * Its reads of files take no position and always begin at the start of the file, so there is nothing to compare.
     *
     * @throws UnsupportedOperationException always
     */
    static FileSide startReads() {
        throw new UnsupportedOperationException(
                "its IoUring.queueRead takes no position in the file, so it cannot read at random");
    }
}
