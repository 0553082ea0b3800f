package dev.ringflow.buffer;

/**
 * How a {@link BufferPool} is set up. Immutable.
 *
 * <p>A pool begins with {@link #initialSlabs()} slabs of {@link #slabSize()} buffers each, and makes another slab
 * whenever one is asked for a buffer and all are out, up to {@link #maxSlabs()}.
 */
public final class BufferPoolOptions {
    /** The most buffers that a pool can have: 64 Mi. */
    public static final int MAX_BUFFERS = 1 << 26;

    /** The largest slab, and the largest first piece of slabs that is registered as one: 1 GiB, the kernel's limit. */
    public static final int MAX_REGION = 1 << 30;

    private static final BufferPoolOptions DEFAULTS = builder().build();

    private final int bufferSize;
    private final int slabSize;
    private final int initialSlabs;
    private final int maxSlabs;
    private final boolean registered;
    private final boolean fallback;

    private BufferPoolOptions(Builder builder) {
        this.bufferSize = builder.bufferSize;
        this.slabSize = builder.slabSize;
        this.initialSlabs = builder.initialSlabs;
        this.maxSlabs = builder.maxSlabs;
        this.registered = builder.registered;
        this.fallback = builder.fallback;
    }

    /**
     * What a pool has if nothing else is said: 4 slabs of 256 buffers of 4 KiB at first, at most 64 slabs, registered,
     * with fallback.
     *
     * @return the defaults
     */
    public static BufferPoolOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Begins with the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The size of each buffer.
     *
     * @return bytes
     */
    public int bufferSize() {
        return bufferSize;
    }

    /**
     * How many buffers a slab has.
     *
     * @return the number
     */
    public int slabSize() {
        return slabSize;
    }

    /**
     * How many slabs are made with the pool.
     *
     * @return the number
     */
    public int initialSlabs() {
        return initialSlabs;
    }

    /**
     * How many slabs there can be.
     *
     * @return the number
     */
    public int maxSlabs() {
        return maxSlabs;
    }

    /**
     * Whether slabs are registered with the kernel where the driver can.
     *
     * @return false if plain memory is wanted
     */
    public boolean registered() {
        return registered;
    }

    /**
     * Whether {@link BufferPool#acquire()} goes on with memory outside all slabs when they are out.
     *
     * @return false if it throws then
     */
    public boolean fallback() {
        return fallback;
    }

    @Override
    public String toString() {
        return "BufferPoolOptions[" + bufferSize + " bytes, slabs of " + slabSize + ", " + initialSlabs + " to "
                + maxSlabs + (registered ? ", registered" : "") + (fallback ? ", fallback]" : "]");
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private int bufferSize = 4096;
        private int slabSize = 256;
        private int initialSlabs = 4;
        private int maxSlabs = 64;
        private boolean registered = true;
        private boolean fallback = true;

        private Builder() {}

        /**
         * Sets the size of each buffer; 4096 if not set. Buffers whose size is a multiple of the page size begin on
         * page boundaries, as direct I/O wants them.
         *
         * @param bytes at least 1
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder bufferSize(int bytes) {
            this.bufferSize = positive("bufferSize", bytes);
            return this;
        }

        /**
         * Sets how many buffers a slab has; 256 if not set. A slab is what is allocated and registered at once.
         *
         * @param buffers at least 1
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder slabSize(int buffers) {
            this.slabSize = positive("slabSize", buffers);
            return this;
        }

        /**
         * Sets how many slabs are made with the pool; 4 if not set. They are registered as one region, as long as they
         * are not more than {@link #MAX_REGION} together.
         *
         * @param slabs at least 1
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder initialSlabs(int slabs) {
            this.initialSlabs = positive("initialSlabs", slabs);
            return this;
        }

        /**
         * Sets how many slabs there can be; 64 if not set.
         *
         * @param slabs at least {@link #initialSlabs}
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxSlabs(int slabs) {
            this.maxSlabs = positive("maxSlabs", slabs);
            return this;
        }

        /**
         * Sets whether slabs are registered with the kernel; true if not set.
         *
         * @param wanted false for plain memory
         * @return this
         */
        public Builder registered(boolean wanted) {
            this.registered = wanted;
            return this;
        }

        /**
         * Sets whether {@link BufferPool#acquire()} goes on with memory outside all slabs; true if not set.
         *
         * @param wanted false if it is to throw when all buffers are out
         * @return this
         */
        public Builder fallback(boolean wanted) {
            this.fallback = wanted;
            return this;
        }

        private static int positive(String what, int number) {
            if (number < 1) {
                throw new IllegalArgumentException(what + " must be at least 1, got " + number);
            }
            return number;
        }

        /**
         * Ends the collection.
         *
         * @return the options
         * @throws IllegalArgumentException if there are more slabs at first than at most, if a slab is larger than
         *     {@link #MAX_REGION}, or if there were more than {@link #MAX_BUFFERS} buffers in all
         */
        public BufferPoolOptions build() {
            if (initialSlabs > maxSlabs) {
                throw new IllegalArgumentException(
                        "initialSlabs (" + initialSlabs + ") must not be more than maxSlabs (" + maxSlabs + ")");
            }
            if ((long) bufferSize * slabSize > MAX_REGION) {
                throw new IllegalArgumentException("A slab of " + slabSize + " buffers of " + bufferSize
                        + " bytes is larger than 1 GiB: make slabs smaller, and have more of them");
            }
            if ((long) slabSize * maxSlabs > MAX_BUFFERS) {
                throw new IllegalArgumentException(
                        maxSlabs + " slabs of " + slabSize + " buffers are more than " + MAX_BUFFERS + " buffers");
            }
            return new BufferPoolOptions(this);
        }
    }
}
