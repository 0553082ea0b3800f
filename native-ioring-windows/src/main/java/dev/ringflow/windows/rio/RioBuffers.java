package dev.ringflow.windows.rio;

import org.jspecify.annotations.Nullable;

/**
 * Slices of one size, cut from a slab, to be taken and given back. Belongs to one thread at a time. Closing the slab
 * is its owner's.
 */
public final class RioBuffers {
    private final RioSlice[] slices;
    private final int sliceSize;
    private final int[] free;
    private final boolean[] taken;
    private int available;

    private RioBuffers(final RioSlab slab, final int sliceSize) {
        this.sliceSize = sliceSize;
        slices = new RioSlice[slab.size() / sliceSize];
        free = new int[slices.length];
        taken = new boolean[slices.length];
        for (int i = 0; i < slices.length; i++) {
            slices[i] = slab.slice(i * sliceSize, sliceSize);
            free[i] = slices.length - 1 - i;
        }
        available = slices.length;
    }

    /**
     * Cuts a slab.
     *
     * @param slab an open slab that nobody else cuts
     * @param sliceSize bytes of each slice, 1 to the size of the slab
     * @return as many slices as fit
     */
    public static RioBuffers of(final RioSlab slab, final int sliceSize) {
        if (sliceSize < 1 || sliceSize > slab.size()) {
            throw new IllegalArgumentException(
                    "a slice of a slab of " + slab.size() + " bytes has 1 to as many, not " + sliceSize);
        }
        return new RioBuffers(slab, sliceSize);
    }

    /**
     * Takes a slice.
     *
     * @return one that nobody has, or null if all are taken
     */
    public @Nullable RioSlice acquire() {
        if (available == 0) {
            return null;
        }
        final int index = free[--available];
        taken[index] = true;
        return slices[index];
    }

    /**
     * Gives a slice back.
     *
     * @param slice one that was taken here
     * @throws IllegalStateException if a request in flight uses it, or it was given back already
     * @throws IllegalArgumentException if it is not one of these
     */
    public void release(final RioSlice slice) {
        final int index = slice.offset() / sliceSize;
        if (index >= slices.length || slices[index] != slice) {
            throw new IllegalArgumentException(slice + " is not one of these buffers");
        }
        if (slice.isPending()) {
            throw new IllegalStateException(slice + " belongs to a request that is in flight");
        }
        if (!taken[index]) {
            throw new IllegalStateException(slice + " was given back already");
        }
        taken[index] = false;
        free[available++] = index;
    }

    /**
     * How many slices are free.
     *
     * @return slices
     */
    public int available() {
        return available;
    }

    /**
     * How many slices there are.
     *
     * @return slices
     */
    public int count() {
        return slices.length;
    }
}
