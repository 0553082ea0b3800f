package dev.ringflow.windows.driver;

import dev.ringflow.spi.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Operations that wait for something of a socket, in the order in which they came; any of them can be taken out at once.
 * The kernel knows nothing of them. Makes no objects but while it grows. Confined to the loop thread.
 */
final class WaitingOperations {
    private final class Entry implements Cancellable {
        @Nullable
        Operation operation;

        @Nullable
        Entry previous;

        @Nullable
        Entry next;

        @Override
        public void cancel() {
            Operation taken = operation;
            if (taken != null) {
                remove(this);
                completions.cancelled(taken);
            }
        }
    }

    private final Completions completions;
    private @Nullable Entry head;
    private @Nullable Entry tail;
    private @Nullable Entry spare;
    private int size;

    WaitingOperations(Completions completions) {
        this.completions = completions;
    }

    boolean isEmpty() {
        return head == null;
    }

    int size() {
        return size;
    }

    void add(Operation operation) {
        Entry entry = spare;
        if (entry == null) {
            entry = new Entry();
        } else {
            spare = entry.next;
            entry.next = null;
        }
        entry.operation = operation;
        operation.driverState(entry);
        append(entry);
    }

    private void append(Entry entry) {
        entry.previous = tail;
        if (tail == null) {
            head = entry;
        } else {
            tail.next = entry;
        }
        tail = entry;
        size++;
    }

    /** The one that came first, which stays. */
    @Nullable
    Operation first() {
        return head == null ? null : head.operation;
    }

    /** Takes the first out, for whoever tells its outcome at once or gives it another driver state. */
    @Nullable
    Operation poll() {
        Entry first = head;
        if (first == null) {
            return null;
        }
        Operation operation = first.operation;
        remove(first);
        return operation;
    }

    /** Lets the first wait behind all others. */
    void rotate() {
        Entry first = head;
        if (first != null && first != tail) {
            unlink(first);
            append(first);
        }
    }

    private void remove(Entry entry) {
        unlink(entry);
        entry.operation = null;
        entry.next = spare;
        spare = entry;
    }

    private void unlink(Entry entry) {
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
        size--;
    }
}
