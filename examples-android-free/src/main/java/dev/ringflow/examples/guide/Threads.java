package dev.ringflow.examples.guide;

import dev.ringflow.file.RingFile;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.zip.CRC32;

/** What runs on which thread. */
public final class Threads {
    private Threads() {}

    // snippet-begin: threads
    public static CompletableFuture<Long> sumOfTwo(RingFile file, int size) {
        ByteBuffer first = ByteBuffer.allocateDirect(size);
        ByteBuffer second = ByteBuffer.allocateDirect(size);
        return file.readFullyAsync(first, 0)
                // on the loop thread, so it should be short
                .thenCombine(file.readFullyAsync(second, size), Integer::sum)
                // on another thread
                .thenApplyAsync(bytes -> sum(first) + sum(second), ForkJoinPool.commonPool());
    }

    private static long sum(ByteBuffer buffer) {
        CRC32 sum = new CRC32();
        sum.update(buffer.flip());
        return sum.getValue();
    }
    // snippet-end: threads
}
