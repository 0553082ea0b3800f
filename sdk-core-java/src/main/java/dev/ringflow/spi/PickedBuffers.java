package dev.ringflow.spi;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * A group whose buffers the driver picks itself, at the moment when there is something to receive: for drivers whose
 * kernel has no provided buffers. Confined to the loop thread.
 */
public final class PickedBuffers implements ProvidedBuffers {
    /** What {@link #take} answers when there is none. */
    public static final int NONE = -1;

    private final ByteBuffer[] views;
    private final int bufferSize;
    private final int[] free;
    private final BitSet taken = new BitSet();
    private int available;
    private boolean closed;

    /**
     * Cuts memory into buffers, all of which the driver has.
     *
     * @param memory a direct buffer of {@code count * bufferSize} bytes from its index 0 on at least
     * @param count how many
     * @param bufferSize bytes of each
     */
    public PickedBuffers(ByteBuffer memory, int count, int bufferSize) {
        this.bufferSize = bufferSize;
        this.views = new ByteBuffer[count];
        this.free = new int[count];
        for (int id = count - 1; id >= 0; id--) {
            views[id] = memory.slice(id * bufferSize, bufferSize).order(memory.order());
            free[available++] = id;
        }
    }

    /**
     * Takes a buffer, for a completion to name or to be given back.
     *
     * @return its number, or {@link #NONE}
     */
    public int take() {
        if (available == 0 || closed) {
            return NONE;
        }
        int id = free[--available];
        taken.set(id);
        return id;
    }

    @Override
    public int count() {
        return views.length;
    }

    @Override
    public int bufferSize() {
        return bufferSize;
    }

    @Override
    public ByteBuffer memory(int id) {
        return views[id];
    }

    @Override
    public void giveBack(int id) {
        if (closed) {
            return;
        }
        if (!taken.get(id)) {
            throw new IllegalStateException("buffer " + id + " is not out: it was given back before");
        }
        taken.clear(id);
        free[available++] = id;
    }

    @Override
    public int available() {
        return closed ? 0 : available;
    }

    @Override
    public void close() {
        closed = true;
    }
}
