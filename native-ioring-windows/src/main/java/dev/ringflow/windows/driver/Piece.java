package dev.ringflow.windows.driver;

import dev.ringflow.windows.rio.RioSlice;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory of the driver's own that one request has: what comes is copied out of it, what goes is copied into it. So an
 * operation can be cancelled, and its memory given back, whatever the kernel does: Registered I/O has no cancelling.
 *
 * @param buffer the whole of it
 * @param slice the same as registered memory, null if it is not registered
 * @param isLarge of which of the two sizes
 */
record Piece(ByteBuffer buffer, @Nullable RioSlice slice, boolean isLarge) {
    /** Bytes of a small one: what a connection holds while it waits for bytes. */
    static final int SMALL = 4096;

    /** Bytes of a large one: for a connection that has much to receive or send. */
    static final int LARGE = 32_768;

    int size() {
        return isLarge ? LARGE : SMALL;
    }
}
