package dev.ringflow.file;

/**
 * How far a transfer has come.
 *
 * @param phase what it is doing; the other numbers count within that phase
 * @param bytesDone bytes of the file that are done with, holes included
 * @param bytesTotal bytes of the file that this phase works on; it begins at 0 done for each phase
 * @param chunksDone chunks that are done with
 * @param chunksTotal chunks that this phase works on
 */
public record TransferProgress(Phase phase, long bytesDone, long bytesTotal, long chunksDone, long chunksTotal) {
    /** What a transfer does one after the other. Phases with nothing to do are left out. */
    public enum Phase {
        /** Reads what an earlier, interrupted run left, to learn what of it can stay. */
        CHECKING,
        /** Reads, hashes, and writes or sends what is missing. */
        MOVING,
        /** Reads back what was written and compares the hashes. */
        VERIFYING,
        /** Makes it durable and gives it its name. */
        FINISHING
    }

    /**
     * The part of the phase that is done.
     *
     * @return from 0 to 1
     */
    public double fraction() {
        return bytesTotal == 0 ? 1 : (double) bytesDone / bytesTotal;
    }
}
