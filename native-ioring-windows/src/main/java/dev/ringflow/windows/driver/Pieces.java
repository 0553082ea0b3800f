package dev.ringflow.windows.driver;

import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.iocp.WinsockException;
import dev.ringflow.windows.rio.Rio;
import dev.ringflow.windows.rio.RioSlab;
import dev.ringflow.windows.rio.RioSlice;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pieces to take and give back, cut from slabs that are made when there are none left. Confined to the loop thread. */
final class Pieces {
    private static final int SLAB = 512 * 1024;

    private final @Nullable Rio rio;
    private final ArrayDeque<Piece> small = new ArrayDeque<>();
    private final ArrayDeque<Piece> large = new ArrayDeque<>();
    private final List<RioSlab> slabs = new ArrayList<>();

    /**
     * Makes an empty supply.
     *
     * @param rio what registers the memory, null for memory that is not registered
     */
    Pieces(@Nullable Rio rio) {
        this.rio = rio;
    }

    Piece acquire(boolean isLarge) throws WinsockException {
        ArrayDeque<Piece> free = isLarge ? large : small;
        if (free.isEmpty()) {
            cut(free, isLarge);
        }
        return free.pop();
    }

    private void cut(ArrayDeque<Piece> free, boolean isLarge) throws WinsockException {
        int size = isLarge ? Piece.LARGE : Piece.SMALL;
        if (rio == null) {
            ByteBuffer memory = DirectMemory.allocate(SLAB, Piece.SMALL);
            for (int at = 0; at < SLAB; at += size) {
                free.push(new Piece(memory.slice(at, size), null, isLarge));
            }
            return;
        }
        RioSlab slab = rio.allocateSlab(SLAB);
        slabs.add(slab);
        for (int at = 0; at < SLAB; at += size) {
            RioSlice slice = slab.slice(at, size);
            free.push(new Piece(slice.buffer(), slice, isLarge));
        }
    }

    void release(Piece piece) {
        piece.buffer().clear();
        (piece.isLarge() ? large : small).push(piece);
    }

    /** Deregisters the slabs that no request has; one that a request has stays for good. */
    void close() {
        for (RioSlab each : slabs) {
            if (each.inFlight() == 0) {
                each.close();
            }
        }
    }
}
