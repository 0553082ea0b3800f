package dev.ringflow.nio;

import dev.ringflow.spi.Operation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Operations that wait for a channel to become ready, in the order in which they came; any of them can be taken out at
 * once. Confined to the loop thread.
 */
final class WaitQueue {
    /** An operation that waits, and its part of the caller's memory. */
    static final class Entry implements Pending {
        final Operation operation;
        final ByteBuffer memory;
        private final WaitQueue queue;
        private @Nullable Entry previous;
        private @Nullable Entry next;

        private Entry(WaitQueue queue, Operation operation, ByteBuffer memory) {
            this.queue = queue;
            this.operation = operation;
            this.memory = memory;
        }

        @Override
        public void cancel() {
            queue.remove(this);
            queue.completions.cancelled(operation);
        }
    }

    private final Completions completions;
    private @Nullable Entry head;
    private @Nullable Entry tail;

    WaitQueue(Completions completions) {
        this.completions = completions;
    }

    boolean isEmpty() {
        return head == null;
    }

    @Nullable
    Entry first() {
        return head;
    }

    void add(Operation operation, ByteBuffer memory) {
        Entry entry = new Entry(this, operation, memory);
        operation.driverState(entry);
        append(entry);
    }

    /** Lets the first wait behind all others. */
    void rotate() {
        Entry first = head;
        if (first != null && first != tail) {
            remove(first);
            append(first);
        }
    }

    void remove(Entry entry) {
        Entry before = entry.previous;
        Entry after = entry.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        entry.previous = null;
        entry.next = null;
    }

    private void append(Entry entry) {
        entry.previous = tail;
        if (tail == null) {
            head = entry;
        } else {
            tail.next = entry;
        }
        tail = entry;
    }
}
