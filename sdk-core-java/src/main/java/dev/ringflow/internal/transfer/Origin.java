package dev.ringflow.internal.transfer;

import dev.ringflow.file.FileStat;
import dev.ringflow.file.HashAlgorithm;
import dev.ringflow.file.RingFile;
import dev.ringflow.file.SourceChangedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The file that is read. Loop thread. */
final class Origin {
    private final TransferRun<?> run;
    private final Path path;
    private @Nullable RingFile file;
    private boolean direct;
    private @Nullable FileStat stat;
    private @Nullable Geometry geometry;
    private @Nullable BitSet data;

    Origin(TransferRun<?> run, Path path) {
        this.run = run;
        this.path = path;
    }

    /** Opens it, and finds out how large it is and which chunks of it are holes. */
    CompletableFuture<@Nullable Void> open(boolean skipHoles) {
        CompletableFuture<Boolean> checked = run.slowly(() -> {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new FileSystemException(path.toString(), null, "is not a regular file: nothing to transfer");
            }
            return true;
        });
        CompletableFuture<Opening> opened = run.then(
                        checked,
                        regular -> Opening.of(run.ring(), path, run.options().directIo(), StandardOpenOption.READ))
                .thenApply(opening -> {
                    file = opening.file();
                    direct = opening.direct();
                    return opening;
                });
        CompletableFuture<FileStat> known =
                run.then(opened, opening -> opening.file().statAsync());
        CompletableFuture<@Nullable BitSet> scanned = run.then(known, found -> {
            stat = found;
            Geometry cut;
            try {
                cut = Geometry.of(found.size(), run.options().chunkSize());
            } catch (java.io.IOException e) {
                return CompletableFuture.failedFuture(e);
            }
            geometry = cut;
            boolean whole = found.allocated() >= found.size();
            return whole || !skipHoles ? CompletableFuture.completedFuture(null) : Extents.scan(file(), cut);
        });
        return scanned.thenApply(found -> {
            data = found;
            return null;
        });
    }

    Path path() {
        return path;
    }

    RingFile file() {
        return Objects.requireNonNull(file);
    }

    boolean isDirect() {
        return direct;
    }

    FileStat stat() {
        return Objects.requireNonNull(stat);
    }

    Geometry geometry() {
        return Objects.requireNonNull(geometry);
    }

    /** Whether a chunk is nothing but a hole; false if that is not known. */
    boolean isHole(int index) {
        return data != null && !data.get(index);
    }

    Identity identity() {
        FileStat is = stat();
        StreamHash hash = StreamHash.of(HashAlgorithm.SHA_256);
        byte[] name = path.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
        hash.update(name, name.length);
        return new Identity(
                geometry(),
                run.options().hash(),
                is.modified().getEpochSecond(),
                is.modified().getNano(),
                is.inode(),
                hash.finish());
    }

    /** Reads a chunk and hashes it. */
    void readAndHash(ChunkSlot slot, ChunkHasher hasher, ChunkSlot.Step then) {
        slot.read(file(), direct, read -> {
            if (read.moved() < read.length()) {
                throw new SourceChangedException(
                        path,
                        "it had " + stat().size() + " bytes and ends before byte " + (read.offset() + read.length())
                                + " now");
            }
            read.hash(hasher, then);
        });
    }

    /** Fails if somebody has written to it since it was opened. */
    CompletableFuture<@Nullable Void> requireUnchanged() {
        return file().statAsync().thenCompose(now -> {
            FileStat before = stat();
            String change = null;
            if (now.size() != before.size()) {
                change = "it had " + before.size() + " bytes and has " + now.size() + " now";
            } else if (!now.modified().equals(before.modified())) {
                change = "it was last modified at " + before.modified() + " and at " + now.modified() + " now";
            }
            return change == null
                    ? requireEnd()
                    : CompletableFuture.failedFuture(new SourceChangedException(path, change));
        });
    }

    /** Files that the kernel makes up have content, and no size that could grow. */
    private CompletableFuture<@Nullable Void> requireEnd() {
        if (direct) {
            return TransferRun.done();
        }
        return file().readAsync(ByteBuffer.allocate(1), stat().size())
                .thenCompose(bytes -> bytes < 0
                        ? TransferRun.done()
                        : CompletableFuture.failedFuture(new SourceChangedException(
                                path, "the system says that it has " + stat().size() + " bytes, and there are more")));
    }

    CompletableFuture<@Nullable Void> close() {
        return file == null ? TransferRun.done() : file.closeAsync();
    }
}
