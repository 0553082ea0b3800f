package dev.ringflow.buffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The memory of one buffer, which one lease after the other has. */
final class BufferSlot {
    /** For memory outside all slabs. */
    static final int NO_INDEX = -1;

    final BufferPool pool;
    /** Null for memory outside all slabs, which nobody has twice. */
    final @Nullable BufferRegion region;

    final ByteBuffer bytes;
    /** Its number in the pool. */
    final int index;

    /** Owned by {@link FreeSlots}: what lies below while this is free, and how many, itself counted. */
    int next;

    int depth;

    BufferSlot(BufferPool pool, @Nullable BufferRegion region, ByteBuffer bytes, int index) {
        this.pool = pool;
        this.region = region;
        this.bytes = bytes;
        this.index = index;
    }

    /** A lease of it, as if the buffer were new. */
    RingBuffer lease() {
        BufferRegion from = region;
        if (from == null || from.isRefused()) {
            pool.countFallback();
        }
        bytes.clear().order(ByteOrder.nativeOrder());
        return new RingBuffer(this);
    }
}
