package dev.ringflow.file;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One write of any part of a file, cut into writes of whole blocks. */
final class DirectWrite {
    private final DirectFile file;
    private final ByteBuffer buffer;
    private final int start;
    private final int length;
    private final long position;
    private final long end;
    private final CompletableFuture<Integer> result = new CompletableFuture<>();

    private int done;
    private BlockRanges.@Nullable Claim claim;

    DirectWrite(DirectFile file, ByteBuffer buffer, long position) {
        this.file = file;
        this.buffer = buffer;
        this.start = buffer.position();
        this.length = buffer.remaining();
        this.position = position;
        this.end = position + length;
    }

    CompletableFuture<Integer> start() {
        if (length == 0) {
            result.complete(0);
        } else {
            claim();
        }
        return result;
    }

    private void claim() {
        long behind = endsFile() ? Long.MAX_VALUE : file.blockAfter(end);
        file.ranges().claim(file.blockBefore(position), behind).thenAccept(granted -> {
            if (endsFile() && granted.end() != Long.MAX_VALUE) { // the file was cut meanwhile
                file.ranges().release(granted);
                claim();
            } else {
                claim = granted;
                begin();
            }
        });
    }

    /** Whether the last block reaches past the end of the file, so that its size has to be set again. */
    private boolean endsFile() {
        return end % file.block() != 0 && file.blockAfter(end) > file.size();
    }

    private void begin() {
        boolean tail = endsFile();
        if (tail) {
            file.tailBegins();
        }
        CompletionStage<@Nullable Void> written;
        try {
            written = next();
        } catch (RuntimeException e) {
            written = CompletableFuture.failedFuture(e);
        }
        written.whenComplete((nothing, failure) -> {
            if (!tail) {
                finish(false, failure);
                return;
            }
            long trueSize = Math.max(file.size(), position + done);
            file.file().truncateAsync(trueSize).whenComplete((cut, notCut) -> {
                finish(true, failure != null ? failure : notCut);
            });
        });
    }

    private void finish(boolean tail, @Nullable Throwable failure) {
        file.size(Math.max(file.size(), position + done));
        if (tail) {
            file.tailEnds();
        }
        if (claim != null) {
            file.ranges().release(claim);
        }
        buffer.position(start + done);
        if (failure == null) {
            result.complete(length);
        } else {
            result.completeExceptionally(failure instanceof CompletionException ? failure.getCause() : failure);
        }
    }

    /** Writes what is left, one part after the other. */
    private CompletionStage<@Nullable Void> next() {
        if (done == length) {
            return CompletableFuture.completedFuture(null);
        }
        long from = position + done;
        int left = length - done;
        int block = file.block();
        if (from % block == 0 && left >= block && file.fits(buffer, start + done)) {
            int bytes = left - left % block;
            ByteBuffer part = buffer.duplicate().clear().slice(start + done, bytes);
            return file.file().writeFullyAsync(part, from).thenCompose(written -> wrote(bytes));
        }
        return throughMemory(from, left);
    }

    private CompletionStage<@Nullable Void> throughMemory(long from, int left) {
        int block = file.block();
        long first = file.blockBefore(from);
        int skipped = (int) (from - first);
        int bytes = Math.min(left, file.pieceSize() - skipped);
        int whole = (int) (file.blockAfter(from + bytes) - first);
        ByteBuffer piece = file.takePiece();
        CompletableFuture<@Nullable Void> edges = CompletableFuture.completedFuture(null);
        if (skipped > 0) {
            edges = readBlock(piece, 0, first);
        }
        boolean lastIsPartial = skipped + bytes < whole;
        if (lastIsPartial && (skipped == 0 || whole > block)) {
            edges = edges.thenCompose(nothing -> readBlock(piece, whole - block, first + whole - block));
        }
        return edges.thenCompose(nothing -> {
                    piece.put(skipped, buffer.duplicate().clear(), start + done, bytes);
                    return file.file().writeFullyAsync(piece.clear().limit(whole), first);
                })
                .thenCompose(written -> {
                    file.giveBackPiece(piece);
                    return wrote(bytes);
                });
    }

    private CompletionStage<@Nullable Void> wrote(int bytes) {
        done += bytes;
        return next();
    }

    /** What a block holds already, zeros behind the end of the file. */
    private CompletableFuture<@Nullable Void> readBlock(ByteBuffer piece, int at, long from) {
        ByteBuffer target = piece.duplicate().clear().slice(at, file.block());
        return file.file().readAsync(target, from).thenApply(bytes -> {
            for (int i = Math.max(0, bytes); i < target.capacity(); i++) {
                target.put(i, (byte) 0);
            }
            return null;
        });
    }
}
