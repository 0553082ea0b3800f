package dev.ringflow.buffer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The free buffers: a stack without locks, so that the one used last, whose memory is still in the caches, is used
 * next. Any thread; neither taking nor giving back allocates or looks for anything.
 *
 * <p>The slots themselves are the links. The head names the top one by number, beside a count of all changes: that a
 * slot left and came back while somebody looked does not deceive him.
 */
final class FreeSlots {
    private static final VarHandle HEAD;
    private static final int NUMBER_BITS = 27;
    private static final long NUMBER = (1L << NUMBER_BITS) - 1;
    private static final int NONE = 0;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(FreeSlots.class, "head", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int slabSize;
    /** Filled before a slot of the slab is first pushed, and read after the head was. */
    private final BufferSlot[][] slabs;

    private volatile long head;

    FreeSlots(int slabSize, int maxSlabs) {
        this.slabSize = slabSize;
        this.slabs = new BufferSlot[maxSlabs][];
    }

    /** Makes a slab known, before its slots are pushed. */
    void add(int slab, BufferSlot[] slots) {
        slabs[slab] = slots;
    }

    /** The slot with that number in the pool, free or not. */
    BufferSlot at(int index) {
        return slabs[index / slabSize][index % slabSize];
    }

    void push(BufferSlot slot) {
        long before;
        do {
            before = head;
            int below = number(before);
            slot.next = below;
            slot.depth = below == NONE ? 1 : slot(below).depth + 1;
        } while (!HEAD.compareAndSet(this, before, changed(before, slot.index + 1)));
    }

    @Nullable
    BufferSlot pop() {
        while (true) {
            long before = head;
            int top = number(before);
            if (top == NONE) {
                return null;
            }
            BufferSlot slot = slot(top);
            if (HEAD.compareAndSet(this, before, changed(before, slot.next))) {
                return slot;
            }
        }
    }

    /** How many are free. */
    int size() {
        while (true) {
            long before = head;
            int top = number(before);
            int depth = top == NONE ? 0 : slot(top).depth;
            VarHandle.acquireFence();
            if (head == before) {
                return depth;
            }
        }
    }

    private BufferSlot slot(int number) {
        return at(number - 1);
    }

    private static int number(long head) {
        return (int) (head & NUMBER);
    }

    private static long changed(long before, int number) {
        return (before & ~NUMBER) + (1L << NUMBER_BITS) | number;
    }
}
