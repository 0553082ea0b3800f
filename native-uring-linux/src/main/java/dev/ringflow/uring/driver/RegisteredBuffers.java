package dev.ringflow.uring.driver;

import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.struct.Iovec;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The table of registered buffers; see io_uring_register(2). It is made sparse when it is first needed, so that pools
 * come and go one by one. A kernel before 5.19 has no sparse table: there one region at a time can be registered.
 * Confined to the loop thread.
 */
final class RegisteredBuffers {
    private static final System.Logger LOG = System.getLogger("dev.ringflow");
    /** 16 pools of 64 slabs. The kernel allows 16,384, and an empty slot costs it 8 or 16 bytes. */
    private static final int TABLE = 1024;

    private final Uring ring;
    private final @Nullable ByteBuffer[] regions = new ByteBuffer[TABLE];
    private final ByteBuffer iovec = Memory.allocate(Iovec.SIZE, Long.BYTES);
    private boolean sparse;
    private boolean tried;
    private boolean refusalTold;

    RegisteredBuffers(Uring ring) {
        this.ring = ring;
    }

    /**
     * Whether memory can be registered while requests are in flight. Before Linux 5.13 registering waits for all of them,
     * and the poll for wake-ups is always one.
     */
    static boolean arePossible(Uring ring) {
        return (ring.params().features() & UringConstants.IORING_FEAT_RSRC_TAGS) != 0;
    }

    /** The index of the region, or -1 if it cannot be registered. */
    int register(ByteBuffer region) {
        int index = freeIndex();
        if (index < 0) {
            return -1;
        }
        Iovec.set(iovec, 0, Memory.address(region), region.capacity());
        long iovecAddress = Memory.address(iovec);
        int result = sparse
                ? ring.registerBuffersUpdateTag(index, iovecAddress, 0, 1)
                : ring.registerBuffers(iovecAddress, 1);
        if (result < 0) {
            tellRefusal(region, result);
            return -1;
        }
        regions[index] = region;
        return index;
    }

    private void tellRefusal(ByteBuffer region, int result) {
        if (!refusalTold) {
            refusalTold = true;
            LOG.log(
                    System.Logger.Level.INFO,
                    "A buffer pool has " + region.capacity() + " bytes without registration: " + Errno.name(result)
                            + ". If that is ENOMEM, raise the limit of locked memory (ulimit -l).");
        }
    }

    /** The index of memory that was pinned for several rings; where it cannot be taken over, it is pinned anew. */
    int register(SharedBuffers shared) {
        int index = freeIndex();
        if (index < 0 || !sparse || shared.cloneTo(ring, index) < 0) {
            return register(shared.region());
        }
        regions[index] = shared.region();
        return index;
    }

    void unregister(int index) {
        if (regions[index] == null) {
            throw new IllegalArgumentException("No buffer is registered under " + index);
        }
        if (sparse) {
            Iovec.set(iovec, 0, 0, 0);
            ring.registerBuffersUpdateTag(index, Memory.address(iovec), 0, 1);
        } else {
            ring.unregisterBuffers();
        }
        regions[index] = null;
    }

    private int freeIndex() {
        if (!arePossible(ring)) {
            return -1;
        }
        if (!tried) {
            tried = true;
            sparse = ring.registerBuffersSparse(TABLE) >= 0;
        }
        int usable = sparse ? TABLE : 1;
        for (int i = 0; i < usable; i++) {
            if (regions[i] == null) {
                return i;
            }
        }
        return -1;
    }
}
