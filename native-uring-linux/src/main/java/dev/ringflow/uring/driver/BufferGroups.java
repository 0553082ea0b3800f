package dev.ringflow.uring.driver;

import dev.ringflow.spi.PickedBuffers;
import dev.ringflow.spi.ProvidedBuffers;
import dev.ringflow.uring.BufferRing;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.UringException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The groups of provided buffers of a ring. On kernels that have no rings of buffers, or none that a receive goes on
 * with, the driver picks the buffers itself. Confined to the loop thread.
 */
final class BufferGroups {
    private static final System.Logger LOG = System.getLogger("dev.ringflow");
    private static final int MOST = 1 << 16;
    private static final int PAGE = 4096;

    private final Uring ring;
    private final KernelSupport support;
    private final BitSet numbers = new BitSet();
    private final Set<KernelBuffers> open = new HashSet<>();
    private @Nullable KernelBuffers firstToPublish;

    BufferGroups(Uring ring, KernelSupport support) {
        this.ring = ring;
        this.support = support;
    }

    ProvidedBuffers open(int count, int bufferSize, boolean incremental, boolean bundles) throws IOException {
        ByteBuffer memory = Memory.allocate(Math.multiplyExact(count, bufferSize), PAGE);
        if (!support.multishotReceive()) {
            return new PickedBuffers(memory, count, bufferSize);
        }
        int number = numbers.nextClearBit(0);
        if (number >= MOST) {
            throw new IOException("This ring has " + MOST + " groups of buffers: close one that is done with");
        }
        boolean bundled = bundles && (ring.params().features() & UringConstants.IORING_FEAT_RECVSEND_BUNDLE) != 0;
        KernelBuffers opened = new KernelBuffers(
                this, register(number, count, bufferSize, incremental, memory), memory, bundled && !incremental);
        numbers.set(number);
        open.add(opened);
        return opened;
    }

    /** Incremental where the kernel takes the word for it. */
    private BufferRing register(int number, int count, int bufferSize, boolean incremental, ByteBuffer memory)
            throws UringException {
        if (incremental) {
            try {
                return BufferRing.open(ring, number, count, bufferSize, UringConstants.IOU_PBUF_RING_INC, memory);
            } catch (UringException e) {
                if (e.errno() != Errno.EINVAL) {
                    throw e;
                }
            }
        }
        return BufferRing.open(ring, number, count, bufferSize, 0, memory);
    }

    void toPublish(KernelBuffers group) {
        group.nextToPublish = firstToPublish;
        firstToPublish = group;
    }

    /** Shows the kernel all that was given back since the last time: once for each group and turn. */
    void publish() {
        KernelBuffers next = firstToPublish;
        firstToPublish = null;
        while (next != null) {
            KernelBuffers after = next.nextToPublish;
            next.nextToPublish = null;
            next.publish();
            next = after;
        }
    }

    void closed(KernelBuffers group) {
        open.remove(group);
        numbers.clear(group.group());
    }

    /** Unregisters what is left. Nothing may be in flight. A group that the kernel keeps, keeps its memory. */
    void close() {
        for (KernelBuffers each : List.copyOf(open)) {
            try {
                each.close();
            } catch (IllegalStateException e) {
                LOG.log(System.Logger.Level.WARNING, "A group of buffers stays registered until the ring is gone", e);
            }
        }
    }
}
