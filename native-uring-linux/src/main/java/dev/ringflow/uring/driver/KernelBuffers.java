package dev.ringflow.uring.driver;

import dev.ringflow.spi.ProvidedBuffers;
import dev.ringflow.uring.BufferRing;
import dev.ringflow.uring.UringConstants;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A group that the kernel picks from: a registered ring of buffers (since Linux 5.19). Confined to the loop thread. */
final class KernelBuffers implements ProvidedBuffers {
    /** What {@link #take} answers for a completion that brings no buffer. */
    static final int NONE = BufferRing.NO_BUFFER;

    private final BufferGroups groups;
    private final BufferRing buffers;
    private final ByteBuffer[] views;
    private final boolean bundles;

    /** Buffers that the kernel cannot fill. */
    private int taken;

    private boolean toPublish;
    private boolean closed;

    /** The next of those that have something to publish. */
    @Nullable
    KernelBuffers nextToPublish;

    KernelBuffers(BufferGroups groups, BufferRing buffers, ByteBuffer memory, boolean bundles) {
        this.groups = groups;
        this.buffers = buffers;
        this.bundles = bundles;
        this.views = new ByteBuffer[buffers.entries()];
        for (int id = 0; id < views.length; id++) {
            views[id] = memory.slice(id * buffers.bufferSize(), buffers.bufferSize())
                    .order(memory.order());
        }
    }

    /** The number that the kernel knows the group by. */
    int group() {
        return buffers.bgid();
    }

    /** Whether one completion may bring several buffers. */
    boolean bundles() {
        return bundles;
    }

    /** Takes over what a completion names; {@link #NONE} if it names nothing. */
    int take(int cqeFlags, int bytes) {
        int id = buffers.take(cqeFlags, bytes);
        if (id != NONE && !buffers.isKernels(id)) {
            taken++;
        }
        return id;
    }

    /** Takes over the buffer behind one that was taken, as a bundle does. */
    int takeAfter(int id, int bytes) {
        int next = buffers.next(id);
        return take(UringConstants.IORING_CQE_F_BUFFER | next << UringConstants.IORING_CQE_BUFFER_SHIFT, bytes);
    }

    @Override
    public int count() {
        return views.length;
    }

    @Override
    public int bufferSize() {
        return buffers.bufferSize();
    }

    @Override
    public ByteBuffer memory(int id) {
        return views[id];
    }

    @Override
    public int start(int id) {
        return buffers.start(id);
    }

    @Override
    public void giveBack(int id) {
        if (closed) {
            return;
        }
        boolean before = buffers.isKernels(id);
        buffers.recycle(id);
        if (!before && buffers.isKernels(id)) {
            taken--;
        }
        if (!toPublish) {
            toPublish = true;
            groups.toPublish(this);
        }
    }

    /** Shows the kernel what was given back. */
    void publish() {
        if (!closed) {
            buffers.publish();
        }
        toPublish = false;
    }

    /** As {@link #publish}, ahead of an entry that may need the buffers at once; it stays in the list. */
    void publishNow() {
        buffers.publish();
    }

    @Override
    public int available() {
        return closed ? 0 : views.length - taken;
    }

    @Override
    public void close() {
        if (!closed) {
            buffers.close();
            closed = true;
            groups.closed(this);
        }
    }
}
