package dev.ringflow.file;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a finished transfer did.
 *
 * @param path the file that was written, or for a sender the one that was read
 * @param hash its hash: that of the source, which the target was found to have as well
 * @param bytesMoved bytes read and written or sent by this run, without holes and without what was there already
 * @param bytesKept bytes that an earlier, interrupted run had left and that were found right
 * @param bytesSkipped bytes of holes, and of chunks of nothing but zeros that were made into holes
 * @param durable whether content and name survive a loss of power: false if that was not asked for, or if the file
 *     system cannot sync directories
 * @param elapsed how long it took
 */
public record TransferResult(
        Path path,
        FileHash hash,
        long bytesMoved,
        long bytesKept,
        long bytesSkipped,
        boolean durable,
        Duration elapsed) {
    /**
     * The size of the file.
     *
     * @return bytes
     */
    public long size() {
        return hash.size();
    }
}
