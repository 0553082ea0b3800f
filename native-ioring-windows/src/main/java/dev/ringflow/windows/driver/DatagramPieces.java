package dev.ringflow.windows.driver;

import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.iocp.WinsockException;
import dev.ringflow.windows.rio.Rio;
import dev.ringflow.windows.rio.RioSlab;
import dev.ringflow.windows.rio.RioSlice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pieces for datagrams, to take and give back, made a few at a time. Confined to the loop thread. */
final class DatagramPieces {
    private static final int SMALL_AT_ONCE = 32;
    private static final int LARGE_AT_ONCE = 2;
    private static final int NAME_ROOM = 64;

    private final @Nullable Rio rio;
    private final ArrayDeque<DatagramPiece> small = new ArrayDeque<>();
    private final ArrayDeque<DatagramPiece> large = new ArrayDeque<>();
    private final List<RioSlab> slabs = new ArrayList<>();

    /**
     * Makes an empty supply.
     *
     * @param rio what registers the memory, null for memory that is not registered
     */
    DatagramPieces(@Nullable Rio rio) {
        this.rio = rio;
    }

    DatagramPiece acquire(boolean isLarge) throws WinsockException {
        ArrayDeque<DatagramPiece> free = isLarge ? large : small;
        if (free.isEmpty()) {
            cut(free, isLarge);
        }
        return free.pop();
    }

    private void cut(ArrayDeque<DatagramPiece> free, boolean isLarge) throws WinsockException {
        int bytes = isLarge ? DatagramPiece.LARGE : DatagramPiece.SMALL;
        int each = bytes + NAME_ROOM;
        int count = isLarge ? LARGE_AT_ONCE : SMALL_AT_ONCE;
        if (rio == null) {
            ByteBuffer memory = DirectMemory.allocate(count * each, NAME_ROOM);
            for (int at = 0; at < count * each; at += each) {
                free.push(new DatagramPiece(
                        memory.slice(at, bytes), memory.slice(at + bytes, NAME_ROOM), null, null, isLarge));
            }
            return;
        }
        RioSlab slab = rio.allocateSlab(count * each);
        slabs.add(slab);
        for (int at = 0; at < count * each; at += each) {
            RioSlice data = slab.slice(at, bytes);
            RioSlice name = slab.slice(at + bytes, DatagramPiece.NAME);
            free.push(new DatagramPiece(
                    data.buffer(), name.buffer().order(ByteOrder.nativeOrder()), data, name, isLarge));
        }
    }

    void release(DatagramPiece piece) {
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
