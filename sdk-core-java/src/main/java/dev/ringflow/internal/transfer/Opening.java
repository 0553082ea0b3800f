package dev.ringflow.internal.transfer;

import dev.ringflow.Ring;
import dev.ringflow.file.RingFile;
import dev.ringflow.file.RingOpenOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * A file that was opened for transfers of whole blocks.
 *
 * @param file the file
 * @param direct whether it bypasses the page cache
 */
record Opening(RingFile file, boolean direct) {
    /** Opens it with direct I/O if that is wished and can be had. */
    static CompletableFuture<Opening> of(Ring ring, Path path, boolean direct, OpenOption... options) {
        if (!direct) {
            return ring.openFileAsync(path, options).thenApply(file -> new Opening(file, false));
        }
        OpenOption[] more = Arrays.copyOf(options, options.length + 1);
        more[options.length] = RingOpenOption.DIRECT_IO;
        return ring.openFileAsync(path, more)
                .thenApply(file -> new Opening(file, true))
                .exceptionallyCompose(refused -> of(ring, path, false, options));
    }
}
