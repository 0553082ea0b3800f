package dev.ringflow.windows.driver;

import dev.ringflow.spi.Operation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The operations that the driver has, by slot. A completion finds its operation by slot and 32-bit generation: the
 * generation grows each time a slot is used, so that a late completion never meets the slot's next user. Confined to
 * the loop thread.
 */
final class SlotTable {
    private @Nullable Operation[] operations;
    private int[] generations;
    private int[] free;
    private int freeCount;

    SlotTable(int initialCapacity) {
        this(initialCapacity, 0);
    }

    /** As if each slot had been used before. */
    SlotTable(int initialCapacity, int generation) {
        operations = new Operation[initialCapacity];
        generations = new int[initialCapacity];
        Arrays.fill(generations, generation);
        free = new int[initialCapacity];
        addFree(0, initialCapacity);
    }

    /** Gives an operation a slot. */
    void take(Operation operation) {
        if (freeCount == 0) {
            grow();
        }
        int slot = free[--freeCount];
        operations[slot] = operation;
        if (++generations[slot] == 0) {
            generations[slot] = 1; // the first slot's word would be 0, which cancels everything
        }
        operation.slot(slot);
    }

    /** The word that comes back with each completion, never 0: generation above, slot below. */
    long userData(Operation operation) {
        int slot = operation.slot();
        return ((long) generations[slot] << 32) | slot;
    }

    /** Whose completion this is; null for a slot's earlier user. */
    @Nullable
    Operation find(long userData) {
        int slot = (int) userData;
        if (slot < 0 || slot >= operations.length || generations[slot] != (int) (userData >>> 32)) {
            return null;
        }
        return operations[slot];
    }

    /** Frees an operation's slot. */
    void giveBack(Operation operation) {
        int slot = operation.slot();
        operations[slot] = null;
        free[freeCount++] = slot;
        operation.slot(-1);
    }

    /** The operations that have a slot now. */
    Operation[] inFlight() {
        return Arrays.stream(operations).filter(each -> each != null).toArray(Operation[]::new);
    }

    private void grow() {
        int before = operations.length;
        int after = before * 2;
        operations = Arrays.copyOf(operations, after);
        generations = Arrays.copyOf(generations, after);
        free = Arrays.copyOf(free, after);
        addFree(before, after);
    }

    private void addFree(int from, int to) {
        for (int slot = to - 1; slot >= from; slot--) {
            free[freeCount++] = slot;
        }
    }
}
