package dev.ringflow.uring.driver;

import dev.ringflow.uring.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Small pieces of memory for what the kernel reads or writes beside the data: paths, addresses, file status. Each is
 * held by its operation until the terminal completion. Confined to the loop thread.
 */
final class ScratchMemory {
    static final int SIZE = 512;
    private static final int KEPT = 256;

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private final ByteBuffer empty = Memory.allocate(Long.BYTES, Long.BYTES);
    private final long emptyPath = Memory.address(empty);

    ByteBuffer take(int bytes) {
        if (bytes > SIZE) {
            return Memory.allocate(bytes, Long.BYTES);
        }
        ByteBuffer piece = free.poll();
        return piece == null ? Memory.allocate(SIZE, Long.BYTES) : piece;
    }

    void giveBack(ByteBuffer piece) {
        if (piece.capacity() == SIZE && free.size() < KEPT) {
            free.push(piece);
        }
    }

    /** An empty C string, for calls that work on a file descriptor alone. */
    long emptyPath() {
        return emptyPath;
    }
}
