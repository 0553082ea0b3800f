package dev.ringflow.uring.driver;

import dev.ringflow.uring.Memory;
import dev.ringflow.uring.struct.Iovec;
import java.nio.ByteBuffer;

/** The array of {@code struct iovec} that stands for several buffers. */
final class Iovecs {
    private Iovecs() {}

    /** Describes what remains in each buffer; the operation holds the array as long as the kernel may look at it. */
    static ByteBuffer of(ByteBuffer[] buffers, ScratchMemory scratch) {
        ByteBuffer array = scratch.take(Math.max(1, buffers.length) * Iovec.SIZE);
        for (int i = 0; i < buffers.length; i++) {
            ByteBuffer each = buffers[i];
            Iovec.set(array, i, Memory.address(each) + each.position(), each.remaining());
        }
        return array;
    }
}
