package dev.ringflow.windows.rio;

import dev.ringflow.windows.internal.DirectMemory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The requests in flight in one direction of a socket: what each carried, and what it uses. Each has a slot, with
 * memory for its five {@code RIO_BUF}, and a number that says which use of the slot it is.
 */
final class RioSlots {
    /** How many slices a request can use: data, local and remote address, control, flags. */
    static final int PIECES = 5;

    private static final int SLOT_BYTES = PIECES * RioLayout.BUF_SIZE;
    private static final long SEND = 1L << 31;

    private final long direction;
    private ByteBuffer memory;
    private long address;
    private long[] contexts;
    private int[] generations;
    private @Nullable RioSlice[] slices;
    private @Nullable RioSlab[] parts;
    private boolean[] taken;
    private int[] free;
    private int available;
    private int capacity;

    RioSlots(final int capacity, final boolean sends) {
        direction = sends ? SEND : 0;
        this.capacity = capacity;
        memory = DirectMemory.allocate(capacity * SLOT_BYTES, Long.BYTES);
        address = capacity == 0 ? 0 : DirectMemory.address(memory);
        contexts = new long[capacity];
        generations = new int[capacity];
        slices = new RioSlice[capacity * PIECES];
        parts = new RioSlab[capacity];
        taken = new boolean[capacity];
        free = new int[capacity];
        for (int i = 0; i < capacity; i++) {
            free[available++] = capacity - 1 - i;
        }
    }

    int capacity() {
        return capacity;
    }

    int available() {
        return available;
    }

    int inFlight() {
        return capacity - available;
    }

    /** A slot. There is one. */
    int take(final long context) {
        final int slot = free[--available];
        contexts[slot] = context;
        taken[slot] = true;
        return slot;
    }

    /** Address of the {@code RIO_BUF} for a slice, or 0 for none. */
    long piece(final int slot, final int piece, final @Nullable RioSlice slice) {
        if (slice == null) {
            return 0;
        }
        slice.use();
        slices[slot * PIECES + piece] = slice;
        return describe(slot * SLOT_BYTES + piece * RioLayout.BUF_SIZE, slice.slab(), slice.offset(), slice.length());
    }

    /** Address of the {@code RIO_BUF} for the data of a request, which are a part of a slab without a slice of its own. */
    long part(final int slot, final RioSlab slab, final int offset, final int length) {
        slab.use();
        parts[slot] = slab;
        return describe(slot * SLOT_BYTES, slab, offset, length);
    }

    private long describe(final int at, final RioSlab slab, final int offset, final int length) {
        memory.putLong(at + RioLayout.BUF_ID, slab.id());
        memory.putInt(at + RioLayout.BUF_OFFSET, offset);
        memory.putInt(at + RioLayout.BUF_LENGTH, length);
        return address + at;
    }

    /** Takes only the beginning of a slice. */
    void limit(final int slot, final int piece, final int bytes) {
        memory.putInt(slot * SLOT_BYTES + piece * RioLayout.BUF_SIZE + RioLayout.BUF_LENGTH, bytes);
    }

    /** What the kernel gives back with the completion. */
    long requestContext(final int slot) {
        return (long) generations[slot] << 32 | direction | slot;
    }

    static boolean isSend(final long requestContext) {
        return (requestContext & SEND) != 0;
    }

    /** The slot of a completion; -1 if none of the requests in flight is meant. */
    int slot(final long requestContext) {
        final int slot = (int) (requestContext & SEND - 1);
        return slot < taken.length && taken[slot] && generations[slot] == (int) (requestContext >> 32) ? slot : -1;
    }

    long context(final int slot) {
        return contexts[slot];
    }

    /** The request is complete, or was refused: its slices may be used again. */
    void release(final int slot) {
        for (int i = slot * PIECES; i < (slot + 1) * PIECES; i++) {
            final RioSlice slice = slices[i];
            if (slice != null) {
                slices[i] = null;
                slice.letGo();
            }
        }
        final RioSlab part = parts[slot];
        if (part != null) {
            parts[slot] = null;
            part.letGo();
        }
        taken[slot] = false;
        generations[slot]++;
        free[available++] = slot;
    }

    /** Another capacity, not below what is in flight. Slots that are taken keep their numbers. */
    void resize(final int to) {
        int size = to;
        for (int i = 0; i < taken.length; i++) {
            if (taken[i]) {
                size = Math.max(size, i + 1);
            }
        }
        final RioSlots larger = new RioSlots(size, direction == SEND);
        final int kept = Math.min(size, taken.length);
        System.arraycopy(contexts, 0, larger.contexts, 0, kept);
        System.arraycopy(generations, 0, larger.generations, 0, kept);
        System.arraycopy(slices, 0, larger.slices, 0, kept * PIECES);
        System.arraycopy(parts, 0, larger.parts, 0, kept);
        System.arraycopy(taken, 0, larger.taken, 0, kept);
        final ByteBuffer before = memory; // the requests in flight were copied by the kernel when they were made
        larger.memory.put(0, before, 0, kept * SLOT_BYTES);
        final int inFlight = inFlight();
        memory = larger.memory;
        address = larger.address;
        contexts = larger.contexts;
        generations = larger.generations;
        slices = larger.slices;
        parts = larger.parts;
        taken = larger.taken;
        capacity = to;
        free = new int[size];
        available = 0;
        for (int i = size - 1; i >= 0 && available < to - inFlight; i--) {
            if (!taken[i]) {
                free[available++] = i;
            }
        }
        Arrays.fill(free, available, size, -1);
    }
}
