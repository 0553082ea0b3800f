package dev.ringflow.file;

/** Whoever wants to know how far a transfer has come. */
@FunctionalInterface
public interface TransferListener {
    /**
     * Told at the beginning of each phase and after each chunk, on the loop thread: it must return soon, and show what
     * it has to show on another thread. If it throws, the transfer fails with what it threw.
     *
     * @param progress how far it is
     */
    void progressed(TransferProgress progress);
}
