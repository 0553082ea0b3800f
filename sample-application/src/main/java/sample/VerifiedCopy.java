package sample;

import dev.ringflow.Ring;
import dev.ringflow.file.FileTransfer;
import dev.ringflow.file.TransferOptions;
import java.nio.file.Path;

/** The same ring from Java, with futures. */
final class VerifiedCopy {
    private VerifiedCopy() {}

    /** Copies a file, chunk by chunk, each verified, and answers how many bytes it has. */
    static long of(Ring ring, Path source, Path target) {
        return FileTransfer.copyAsync(ring, source, target, TransferOptions.defaults())
                .thenApply(result -> result.size())
                .join();
    }
}
