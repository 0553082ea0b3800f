package dev.ringflow.internal.transfer;

import dev.ringflow.file.TransferListener;
import dev.ringflow.file.TransferProgress;
import dev.ringflow.file.TransferProgress.Phase;

/** Counts what is done, and tells whoever wants to know. Loop thread. */
final class ChunkMeter {
    private final TransferListener listener;
    private final long started = System.nanoTime();
    private Phase phase = Phase.CHECKING;
    private long bytesTotal;
    private long bytesDone;
    private long chunksTotal;
    private long chunksDone;

    ChunkMeter(TransferListener listener) {
        this.listener = listener;
    }

    void begin(Phase newPhase, long bytes, long chunks) {
        phase = newPhase;
        bytesTotal = bytes;
        bytesDone = 0;
        chunksTotal = chunks;
        chunksDone = 0;
        tell();
    }

    void done(long bytes, long chunks) {
        bytesDone += bytes;
        chunksDone += chunks;
        tell();
    }

    private void tell() {
        listener.progressed(new TransferProgress(phase, bytesDone, bytesTotal, chunksDone, chunksTotal));
    }

    java.time.Duration elapsed() {
        return java.time.Duration.ofNanos(System.nanoTime() - started);
    }
}
