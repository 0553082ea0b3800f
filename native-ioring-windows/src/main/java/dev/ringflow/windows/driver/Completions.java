package dev.ringflow.windows.driver;

import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.CompletionListener;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import org.jspecify.annotations.Nullable;

/**
 * What has ended and was not told yet, first in, first out: operations end at any time, and are told from within {@link
 * dev.ringflow.spi.Driver#poll} alone. From the end on an operation has no {@link Operation#driverState()}, so that
 * cancelling finds nothing. Makes no objects but while it grows. Confined to the loop thread.
 */
final class Completions {
    private static final class Entry {
        @Nullable
        Operation operation;

        int result;
        int flags;

        @Nullable
        Handle handle;

        @Nullable
        Object object;

        @Nullable
        Throwable failure;
    }

    private final SlotTable slots;
    private Entry[] ring = entries(64);
    private int head;
    private int size;

    Completions(SlotTable slots) {
        this.slots = slots;
    }

    private static Entry[] entries(int count) {
        Entry[] made = new Entry[count];
        for (int i = 0; i < count; i++) {
            made[i] = new Entry();
        }
        return made;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Ends it with a result of zero or above. */
    void done(Operation operation, int result) {
        end(operation, result, null, null, null);
    }

    void answered(Operation operation, Object object) {
        end(operation, 0, null, object, null);
    }

    void opened(Operation operation, Handle handle, @Nullable Object object) {
        end(operation, 0, handle, object, null);
    }

    void failed(Operation operation, Throwable failure) {
        end(operation, ResultCodes.FAILED, null, null, failure);
    }

    void cancelled(Operation operation) {
        end(operation, ResultCodes.CANCELED, null, null, null);
    }

    /** Ends it with one of {@link ResultCodes}. */
    void ended(Operation operation, int resultCode) {
        end(operation, resultCode, null, null, null);
    }

    /** One of several handles; the operation goes on. */
    void openedOneMore(Operation operation, Handle handle) {
        add(operation, 0, CompletionFlags.MORE, handle, null, null);
    }

    /** What was sent; the operation goes on until its memory is free. */
    void sent(Operation operation, int bytes) {
        add(operation, bytes, CompletionFlags.MORE, null, null, null);
    }

    /** Bytes in a buffer of the operation's group. */
    void received(Operation operation, int bytes, int buffer, boolean goesOn) {
        if (!goesOn) {
            operation.driverState(null);
        }
        add(operation, bytes, CompletionFlags.buffer(buffer) | (goesOn ? CompletionFlags.MORE : 0), null, null, null);
    }

    /** Bytes, and what else belongs to them, in a buffer of the operation's group; the operation goes on. */
    void oneMore(Operation operation, int bytes, int buffer, Object object) {
        add(operation, bytes, CompletionFlags.buffer(buffer) | CompletionFlags.MORE, null, object, null);
    }

    private void end(
            Operation operation,
            int result,
            @Nullable Handle handle,
            @Nullable Object object,
            @Nullable Throwable failure) {
        operation.driverState(null);
        add(operation, result, 0, handle, object, failure);
    }

    private void add(
            Operation operation,
            int result,
            int flags,
            @Nullable Handle handle,
            @Nullable Object object,
            @Nullable Throwable failure) {
        if (size == ring.length) {
            grow();
        }
        Entry entry = ring[head + size++ & ring.length - 1];
        entry.operation = operation;
        entry.result = result;
        entry.flags = flags;
        entry.handle = handle;
        entry.object = object;
        entry.failure = failure;
    }

    private void grow() {
        Entry[] larger = entries(ring.length * 2);
        for (int i = 0; i < size; i++) {
            larger[i] = ring[head + i & ring.length - 1];
        }
        ring = larger;
        head = 0;
    }

    /** Tells what is there, and not what is added meanwhile; how many that were. */
    int deliver(CompletionListener listener) {
        int count = size;
        for (int i = 0; i < count; i++) {
            Entry entry = ring[head];
            head = head + 1 & ring.length - 1;
            size--;
            Operation operation = entry.operation;
            if (operation == null) {
                throw new AssertionError();
            }
            int result = entry.result;
            int flags = entry.flags;
            operation.resultHandle(entry.handle);
            operation.resultObject(entry.object);
            if (entry.failure != null) {
                operation.failure(entry.failure); // otherwise it may be the core's own
            }
            entry.operation = null;
            entry.handle = null;
            entry.object = null;
            entry.failure = null;
            if ((flags & CompletionFlags.MORE) == 0) {
                slots.giveBack(operation);
            }
            listener.completed(operation, result, flags);
        }
        return count;
    }
}
