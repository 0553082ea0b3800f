package dev.ringflow.buffer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a delivery: a whole buffer of a group, and then the same object each time, or a part of one. Confined to
 * the loop thread, but for {@link #bytes} and {@link #giveBack} by the one who has it.
 */
final class ReceivedSlot {
    private final BufferGroup group;
    private final ByteBuffer bytes;
    final int id;

    /** Who received into it, while it is out. */
    @Nullable
    BufferReceiver receiver;

    /** The next of those that other threads have given back. */
    @Nullable
    ReceivedSlot next;

    ReceivedSlot(BufferGroup group, int id, ByteBuffer bytes) {
        this.group = group;
        this.id = id;
        this.bytes = bytes;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** The last one has let go of it. Any thread. */
    void giveBack() {
        group.takeBack(this);
    }
}
