package dev.ringflow.file;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One read of any part of a file, cut into reads of whole blocks. */
final class DirectRead {
    private final DirectFile file;
    private final ByteBuffer buffer;
    private final int start;
    private final int length;
    private final long position;
    private final int tailsBefore;
    private final long sizeBefore;
    private final CompletableFuture<Integer> result = new CompletableFuture<>();

    private int done;
    private @Nullable ByteBuffer piece;

    DirectRead(DirectFile file, ByteBuffer buffer, long position) {
        this.file = file;
        this.buffer = buffer;
        this.start = buffer.position();
        this.length = buffer.remaining();
        this.position = position;
        this.tailsBefore = file.tailsEnded();
        this.sizeBefore = file.size();
    }

    CompletableFuture<Integer> start() {
        next();
        return result;
    }

    private void next() {
        if (done == length) {
            finish();
            return;
        }
        long from = position + done;
        int left = length - done;
        int block = file.block();
        if (from % block == 0 && left >= block && file.fits(buffer, start + done)) {
            ByteBuffer part = buffer.duplicate().clear().slice(start + done, left - left % block);
            file.file().readAsync(part, from).whenComplete((bytes, failure) -> cameAsItIs(part, bytes, failure));
        } else {
            long first = file.blockBefore(from);
            ByteBuffer memory = piece();
            int wanted = (int) Math.min(file.pieceSize(), file.blockAfter(from + left) - first);
            file.file().readAsync(memory.clear().limit(wanted), first).whenComplete((bytes, failure) -> {
                if (failure != null) {
                    fail(failure);
                } else {
                    came(memory, (int) (from - first), bytes, wanted);
                }
            });
        }
    }

    private void cameAsItIs(ByteBuffer part, @Nullable Integer bytes, @Nullable Throwable failure) {
        if (failure != null || bytes == null) {
            fail(failure);
            return;
        }
        done += Math.max(0, bytes);
        if (bytes < part.capacity()) {
            finish();
        } else {
            next();
        }
    }

    private void came(ByteBuffer memory, int skipped, int bytes, int wanted) {
        int useful = Math.min(bytes - skipped, length - done);
        if (useful > 0) {
            buffer.duplicate().clear().put(start + done, memory, skipped, useful);
            done += useful;
        }
        if (bytes < wanted) {
            finish();
        } else {
            next();
        }
    }

    private ByteBuffer piece() {
        ByteBuffer taken = piece;
        if (taken == null) {
            taken = file.takePiece();
            piece = taken;
        }
        return taken;
    }

    private void finish() {
        if (piece != null) {
            file.giveBackPiece(piece);
        }
        int bytes = done;
        if (file.hadTailSince(tailsBefore)) { // zeros may have been seen where nothing was yet
            bytes = (int) Math.max(0, Math.min(bytes, sizeBefore - position));
        }
        buffer.position(start + bytes);
        result.complete(bytes == 0 && length > 0 ? -1 : bytes);
    }

    /** The piece is not used again: after a ring that gave up waiting the kernel may still have it. */
    private void fail(@Nullable Throwable failure) {
        result.completeExceptionally(failure == null ? new IllegalStateException("no result") : failure);
    }
}
