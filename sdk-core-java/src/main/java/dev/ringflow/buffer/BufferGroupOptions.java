package dev.ringflow.buffer;

/** How a {@link BufferGroup} is set up. Immutable. */
public final class BufferGroupOptions {
    /** The most buffers that a group can have. */
    public static final int MAX_COUNT = 32_768;

    /** The most memory that a group can have: 1 GiB. */
    public static final int MAX_MEMORY = 1 << 30;

    private static final BufferGroupOptions DEFAULTS = builder().build();

    private final int count;
    private final int bufferSize;
    private final boolean incremental;
    private final boolean bundles;

    private BufferGroupOptions(Builder builder) {
        this.count = builder.count;
        this.bufferSize = builder.bufferSize;
        this.incremental = builder.incremental;
        this.bundles = builder.bundles;
    }

    /**
     * What a group has when nothing is said: 1024 buffers of 4096 bytes, each filled by one delivery.
     *
     * @return the default options
     */
    public static BufferGroupOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Begins with the defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * How many buffers there are.
     *
     * @return a power of two, 1 to {@value #MAX_COUNT}
     */
    public int count() {
        return count;
    }

    /**
     * How large each is.
     *
     * @return bytes, at least 1
     */
    public int bufferSize() {
        return bufferSize;
    }

    /**
     * Whether several deliveries may share a buffer.
     *
     * @return true if {@link Builder#incremental} was set
     */
    public boolean incremental() {
        return incremental;
    }

    /**
     * Whether the kernel may fill several buffers at once.
     *
     * @return true if {@link Builder#bundles} was set
     */
    public boolean bundles() {
        return bundles;
    }

    @Override
    public String toString() {
        return "BufferGroupOptions[" + count + " of " + bufferSize + " bytes" + (incremental ? ", incremental" : "")
                + (bundles ? ", bundles]" : "]");
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private int count = 1024;
        private int bufferSize = 4096;
        private boolean incremental;
        private boolean bundles;

        private Builder() {}

        /**
         * How many buffers: as many as all consumers together hold in a busy moment. Connections on which nothing comes
         * hold none.
         *
         * @param buffers a power of two, 1 to {@value #MAX_COUNT}; 1024 if not set
         * @return this
         * @throws IllegalArgumentException if it is none
         */
        public Builder count(int buffers) {
            if (buffers < 1 || buffers > MAX_COUNT || Integer.bitCount(buffers) != 1) {
                throw new IllegalArgumentException(
                        "count must be a power of two from 1 to " + MAX_COUNT + ", got " + buffers);
            }
            this.count = buffers;
            return this;
        }

        /**
         * The size of each buffer: the most that one delivery brings.
         *
         * @param bytes at least 1; 4096 if not set
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder bufferSize(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("bufferSize must be at least 1, got " + bytes);
            }
            this.bufferSize = bytes;
            return this;
        }

        /**
         * Lets the kernel put one delivery behind the other into the same buffer ({@code IOU_PBUF_RING_INC}, since Linux
         * 6.12), so that few large buffers serve small messages as well as large ones. A buffer is free again when all
         * who have a part of it have given that back. Older kernels and the driver nio fill each buffer once.
         *
         * @param wanted false if not set
         * @return this
         */
        public Builder incremental(boolean wanted) {
            this.incremental = wanted;
            return this;
        }

        /**
         * Lets the kernel fill several buffers at once ({@code IORING_RECVSEND_BUNDLE}, since Linux 6.10), which spares it
         * work when much arrives together. Each buffer is delivered on its own all the same. Without effect on older
         * kernels and on the driver nio.
         *
         * @param wanted false if not set
         * @return this
         */
        public Builder bundles(boolean wanted) {
            this.bundles = wanted;
            return this;
        }

        /**
         * Makes the options.
         *
         * @return immutable options
         * @throws IllegalArgumentException if all buffers together have more than 1 GiB, or both {@link #incremental} and
         *     {@link #bundles} are wanted, which kernels up to 6.14 confuse
         */
        public BufferGroupOptions build() {
            if ((long) count * bufferSize > MAX_MEMORY) {
                throw new IllegalArgumentException(
                        count + " buffers of " + bufferSize + " bytes are more than 1 GiB: have fewer or smaller ones");
            }
            if (incremental && bundles) {
                throw new IllegalArgumentException(
                        "A group is either incremental or has bundles: some kernels confuse the"
                                + " order of the bytes when both are set");
            }
            return new BufferGroupOptions(this);
        }
    }
}
