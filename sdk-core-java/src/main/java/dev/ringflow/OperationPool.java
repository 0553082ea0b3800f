package dev.ringflow;

import dev.ringflow.spi.Operation;
import org.jspecify.annotations.Nullable;

/** Operations to use again. Confined to the loop thread. */
final class OperationPool {
    private static final int LIMIT = 8192;

    private Operation[] idle = new Operation[256];
    private int size;

    Operation take() {
        Operation pooled = size == 0 ? null : idle[--size];
        return pooled == null ? new Operation() : pooled;
    }

    void giveBack(Operation operation) {
        operation.recycle();
        if (size == LIMIT) {
            return;
        }
        if (size == idle.length) {
            Operation @Nullable [] larger = new Operation[size * 2];
            System.arraycopy(idle, 0, larger, 0, size);
            idle = larger;
        }
        idle[size++] = operation;
    }
}
