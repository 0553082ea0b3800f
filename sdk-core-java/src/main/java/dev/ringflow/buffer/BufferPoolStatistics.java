package dev.ringflow.buffer;

import java.util.Locale;

/**
 * What a {@link BufferPool} has and had. Taken without stopping anybody: exact while nobody acquires or gives back.
 *
 * <p>As text it reads {@code Slabs: 4/64, Buffers: 1000/1024 (97.7%), Fallbacks: 0 total}: 4 slabs of at most 64; 1000
 * of 1024 buffers are free; and no lease has had to be served from plain memory.
 *
 * @param slabs how many slabs there are
 * @param maxSlabs how many there can be
 * @param registeredSlabs how many of them are registered with every ring of the pool
 * @param available buffers that are free
 * @param buffers buffers of all slabs that there are
 * @param fallbacks leases since the pool was made that were served from plain memory although more was asked for:
 *     outside all slabs, because they were out; or from a slab that the kernel has refused to register
 * @param waiting how many wait for a buffer
 */
public record BufferPoolStatistics(
        int slabs, int maxSlabs, int registeredSlabs, int available, int buffers, long fallbacks, int waiting) {
    /**
     * How much of the pool is free.
     *
     * @return 0.0 to 1.0
     */
    public double freeShare() {
        return buffers == 0 ? 0 : (double) available / buffers;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Slabs: %d/%d, Buffers: %d/%d (%.1f%%), Fallbacks: %d total",
                slabs,
                maxSlabs,
                available,
                buffers,
                100 * freeShare(),
                fallbacks);
    }
}
