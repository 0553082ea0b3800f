package dev.ringflow.examples.guide;

import dev.ringflow.Ring;
import dev.ringflow.file.ChainException;
import dev.ringflow.file.ChainResult;
import dev.ringflow.file.RingFile;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Operations in order, and operations with an end. */
public final class Linked {
    private Linked() {}

    // snippet-begin: chain
    /** Writes and makes durable, or says which of the two failed. */
    public static String commit(Ring ring, RingFile log, ByteBuffer record, long position) {
        try {
            ChainResult done = ring.linkAsync(
                            chain -> chain.write(log, record, position).syncData(log))
                    .join();
            return done.bytes(0) + " bytes are on the disk";
        } catch (CompletionException e) {
            if (e.getCause() instanceof ChainException failure) {
                return "member " + failure.failedIndex() + " failed: " + failure.getMessage();
            }
            throw e;
        }
    }
    // snippet-end: chain

    // snippet-begin: limit
    public static CompletableFuture<Integer> readWithin(RingFile file, ByteBuffer buffer, Duration limit) {
        RingFile limited = file.withTimeout(limit); // the same file, with a limit for each operation
        return limited.readAsync(buffer, 0);
    }
    // snippet-end: limit
}
