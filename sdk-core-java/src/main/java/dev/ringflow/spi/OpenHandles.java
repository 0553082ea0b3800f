package dev.ringflow.spi;

import org.jspecify.annotations.Nullable;

/** Every handle that a ring has open, so that closing the ring leaves none behind. Confined to the loop thread. */
public final class OpenHandles {
    private @Nullable Handle first;
    private int size;

    /** Begins empty. */
    public OpenHandles() {}

    /**
     * Adds one.
     *
     * @param handle a handle that is not in it
     */
    public void add(Handle handle) {
        handle.previous = null;
        handle.next = first;
        if (first != null) {
            first.previous = handle;
        }
        first = handle;
        handle.listed = true;
        size++;
    }

    /**
     * Takes one out.
     *
     * @param handle a handle that is in it
     */
    public void remove(Handle handle) {
        Handle before = handle.previous;
        Handle after = handle.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        handle.previous = null;
        handle.next = null;
        handle.listed = false;
        size--;
    }

    /**
     * Whether a handle is in it.
     *
     * @param handle a handle
     * @return true between {@link #add} and {@link #remove}
     */
    public boolean contains(Handle handle) {
        return handle.listed;
    }

    /**
     * Any of them.
     *
     * @return one, or null when it is empty
     */
    public @Nullable Handle first() {
        return first;
    }

    /**
     * The one after another.
     *
     * @param handle one that is in it
     * @return the next, or null
     */
    public @Nullable Handle after(Handle handle) {
        return handle.next;
    }

    /**
     * How many are open.
     *
     * @return the number
     */
    public int size() {
        return size;
    }
}
