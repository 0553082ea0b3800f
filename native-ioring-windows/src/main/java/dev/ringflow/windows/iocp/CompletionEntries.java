package dev.ringflow.windows.iocp;

import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.OverlappedLayout;
import java.nio.ByteBuffer;

/**
 * A batch of entries of a completion port, used again and again: {@link CompletionPort#await} fills it, and the
 * methods here read one entry each. Belongs to one thread.
 */
public final class CompletionEntries {
    private final ByteBuffer memory;
    private final int capacity;
    private int count;

    private CompletionEntries(final int capacity) {
        this.capacity = capacity;
        memory = DirectMemory.allocate(capacity * OverlappedLayout.ENTRY_SIZE, Long.BYTES);
    }

    /**
     * Makes room for entries.
     *
     * @param capacity how many at most in one batch, 1 to 4096
     * @return an empty batch
     */
    public static CompletionEntries allocate(final int capacity) {
        if (capacity < 1 || capacity > 4096) {
            throw new IllegalArgumentException("a batch has 1 to 4096 entries, not " + capacity);
        }
        return new CompletionEntries(capacity);
    }

    /**
     * How many entries fit.
     *
     * @return entries
     */
    public int capacity() {
        return capacity;
    }

    /**
     * How many entries the last wait brought.
     *
     * @return entries, 0 when the time was up
     */
    public int count() {
        return count;
    }

    void setCount(final int entries) {
        count = entries;
    }

    long address() {
        return DirectMemory.address(memory);
    }

    private int at(final int index, final int field) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("entry " + index + " of " + count);
        }
        return index * OverlappedLayout.ENTRY_SIZE + field;
    }

    /**
     * The key that the handle was associated with, or that was posted.
     *
     * @param index the entry, from 0 on
     * @return the key
     */
    public long key(final int index) {
        return memory.getLong(at(index, OverlappedLayout.ENTRY_KEY));
    }

    /**
     * The request that is complete: an address that {@link OverlappedPool#find} knows, or what was posted.
     *
     * @param index the entry, from 0 on
     * @return an address, or 0
     */
    public long overlapped(final int index) {
        return memory.getLong(at(index, OverlappedLayout.ENTRY_OVERLAPPED));
    }

    /**
     * The status of the request.
     *
     * @param index the entry, from 0 on
     * @return an NTSTATUS; {@link #error} has it as a Winsock error
     */
    public int status(final int index) {
        return (int) memory.getLong(at(index, OverlappedLayout.ENTRY_INTERNAL));
    }

    /**
     * The error of the request.
     *
     * @param index the entry, from 0 on
     * @return 0 for success, or one of {@link WinsockError}
     */
    public int error(final int index) {
        return NtStatus.toError(status(index));
    }

    /**
     * The number of bytes that went or came.
     *
     * @param index the entry, from 0 on
     * @return bytes
     */
    public int bytes(final int index) {
        return memory.getInt(at(index, OverlappedLayout.ENTRY_BYTES));
    }
}
