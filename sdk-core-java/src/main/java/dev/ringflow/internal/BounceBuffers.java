package dev.ringflow.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Queue;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers that stand in for heap buffers while the kernel works. Two sizes are kept and used again; a request is
 * given more than {@link #LARGEST} only by {@link #takeWhole}.
 */
final class BounceBuffers {
    static final int SMALL = 16 * 1024;
    static final int LARGEST = 128 * 1024;

    private static final Queue<ByteBuffer> SMALL_ONES = new MpmcVarHandleArrayQueue<>(256);
    private static final Queue<ByteBuffer> LARGE_ONES = new MpmcVarHandleArrayQueue<>(32);

    private BounceBuffers() {}

    static ByteBuffer take(int bytes) {
        boolean small = bytes <= SMALL;
        @Nullable ByteBuffer kept = (small ? SMALL_ONES : LARGE_ONES).poll();
        return kept != null
                ? kept
                : ByteBuffer.allocateDirect(small ? SMALL : LARGEST).order(ByteOrder.nativeOrder());
    }

    /** One that holds all of a request; beyond {@link #LARGEST} it is not kept. */
    static ByteBuffer takeWhole(int bytes) {
        return bytes > LARGEST ? ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()) : take(bytes);
    }

    static void giveBack(ByteBuffer buffer) {
        if (buffer.capacity() > LARGEST) {
            return;
        }
        boolean kept = (buffer.capacity() == SMALL ? SMALL_ONES : LARGE_ONES).offer(buffer);
        assert kept || buffer.capacity() > 0 : "a full pool lets the collector have the buffer";
    }
}
