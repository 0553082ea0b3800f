package dev.ringflow.net.packet;

import dev.ringflow.RingOptions;
import dev.ringflow.WaitMode;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a {@link PacketTransport} is set up. Immutable. */
public final class PacketOptions {
    /** The most buffers of one port. */
    public static final int MAX_BUFFERS = 65_536;

    /** The largest buffer: what an IP packet can be long. */
    public static final int MAX_BUFFER_SIZE = 65_536;

    private static final PacketOptions DEFAULTS = builder().build();

    private final Builder set;

    private PacketOptions(Builder builder) {
        this.set = builder;
    }

    /**
     * What a transport has if nothing else is said: one queue, submission and completion queues of 2048 entries, 4096
     * buffers of 2048 bytes for each port, registered, the best driver, and a loop that sleeps when there is nothing to do.
     *
     * @return the defaults
     */
    public static PacketOptions defaults() {
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
     * How many rings, with a thread each, share the work.
     *
     * @return the number
     */
    public int queues() {
        return set.queues;
    }

    /**
     * Entries of each ring's submission queue.
     *
     * @return the number
     */
    public int submissionQueue() {
        return set.submissionQueue;
    }

    /**
     * Entries of each ring's completion queue.
     *
     * @return the number
     */
    public int completionQueue() {
        return set.completionQueue;
    }

    /**
     * How many buffers a port has: half of them to receive, half to send.
     *
     * @return a power of two
     */
    public int bufferCount() {
        return set.bufferCount;
    }

    /**
     * The size of each buffer, which is the longest packet.
     *
     * @return bytes
     */
    public int bufferSize() {
        return set.bufferSize;
    }

    /**
     * Whether the buffers to send from are registered with the kernel where that can be had.
     *
     * @return false for plain memory
     */
    public boolean registeredBuffers() {
        return set.registeredBuffers;
    }

    /**
     * How many receives are posted at once where the kernel has no receive that goes on by itself.
     *
     * @return the number
     */
    public int postedReceives() {
        return set.postedReceives;
    }

    /**
     * How the rings wait.
     *
     * @return the mode
     */
    public WaitMode waitMode() {
        return set.waitMode;
    }

    /** What a ring of such a transport is opened with. */
    RingOptions ringOptions() {
        RingOptions.Builder ring = RingOptions.builder()
                .entries(set.submissionQueue)
                .completionEntries(set.completionQueue)
                .threadName("ringflow-packets");
        if (set.spinLimit == null) {
            ring.waiting(set.waitMode);
        } else {
            ring.waiting(set.waitMode, set.spinLimit);
        }
        if (set.driver != null) {
            ring.driver(set.driver);
        }
        return ring.build();
    }

    @Override
    public String toString() {
        return "PacketOptions[" + set.queues + " queues of " + set.submissionQueue + " and " + set.completionQueue
                + " entries, " + set.bufferCount + " buffers of " + set.bufferSize + " bytes"
                + (set.registeredBuffers ? ", registered]" : "]");
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private int queues = 1;
        private int submissionQueue = 2048;
        private int completionQueue = 2048;
        private int bufferCount = 4096;
        private int bufferSize = 2048;
        private boolean registeredBuffers = true;
        private int postedReceives = 32;
        private WaitMode waitMode = WaitMode.INTERRUPT;
        private @Nullable Duration spinLimit;
        private @Nullable String driver;

        private Builder() {}

        private static int inRange(String what, int number, int least, int most) {
            if (number < least || number > most) {
                throw new IllegalArgumentException(what + " must be " + least + " to " + most + ", got " + number);
            }
            return number;
        }

        /**
         * Sets how many rings there are, with a thread each; 1 if not set. A port that is bound on each of them
         * ({@link PacketTransport#bindEachAsync}) has its packets spread by the kernel, flow by flow.
         *
         * @param number 1 to 1024
         * @return this
         * @throws IllegalArgumentException outside that range
         */
        public Builder queues(int number) {
            queues = inRange("queues", number, 1, 1024);
            return this;
        }

        /**
         * Sets the size of the submission queue; 2048 if not set. That many packets can be handed to the kernel at once.
         *
         * @param entries 1 to {@link RingOptions#MAX_ENTRIES}
         * @return this
         * @throws IllegalArgumentException outside that range
         */
        public Builder submissionQueue(int entries) {
            submissionQueue = inRange("submissionQueue", entries, 1, RingOptions.MAX_ENTRIES);
            return this;
        }

        /**
         * Sets the size of the completion queue; 2048 if not set, or that of the submission queue if it is larger.
         *
         * @param entries 1 to {@link RingOptions#MAX_COMPLETION_ENTRIES}
         * @return this
         * @throws IllegalArgumentException outside that range
         */
        public Builder completionQueue(int entries) {
            completionQueue = inRange("completionQueue", entries, 1, RingOptions.MAX_COMPLETION_ENTRIES);
            return this;
        }

        /**
         * Sets how many buffers a port has, half of them to receive, half to send; 4096 if not set.
         *
         * @param number a power of two, 4 to {@link #MAX_BUFFERS}
         * @return this
         * @throws IllegalArgumentException outside that range
         */
        public Builder bufferCount(int number) {
            if (Integer.bitCount(number) != 1) {
                throw new IllegalArgumentException("bufferCount must be a power of two, got " + number);
            }
            bufferCount = inRange("bufferCount", number, 4, MAX_BUFFERS);
            return this;
        }

        /**
         * Sets the size of each buffer; 2048 if not set. Longer packets are cut when they are received, and cannot be sent.
         *
         * @param bytes 64 to {@link #MAX_BUFFER_SIZE}
         * @return this
         * @throws IllegalArgumentException outside that range
         */
        public Builder bufferSize(int bytes) {
            bufferSize = inRange("bufferSize", bytes, 64, MAX_BUFFER_SIZE);
            return this;
        }

        /**
         * Sets whether the buffers to send from are registered with the kernel; true if not set. Where that is refused,
         * mostly for the limit of locked memory, they are plain memory. Packets that name an address use them as plain
         * memory in any case.
         *
         * @param wanted false for plain memory
         * @return this
         */
        public Builder registeredBuffers(boolean wanted) {
            registeredBuffers = wanted;
            return this;
        }

        /**
         * Sets how many receives are posted at once where the kernel has no receive that goes on by itself (before Linux
         * 6.0, and with the driver {@code nio}); 32 if not set.
         *
         * @param number 1 to 4096, and at most half of {@link #bufferCount}
         * @return this
         * @throws IllegalArgumentException outside that range
         */
        public Builder postedReceives(int number) {
            postedReceives = inRange("postedReceives", number, 1, 4096);
            return this;
        }

        /**
         * Sets how the rings wait; {@link WaitMode#INTERRUPT} if not set. {@link WaitMode#HYBRID} is the adaptive one.
         *
         * @param mode the mode, with its usual limit
         * @return this
         */
        public Builder waiting(WaitMode mode) {
            waitMode = Objects.requireNonNull(mode, "mode");
            spinLimit = null;
            return this;
        }

        /**
         * Sets how the rings wait.
         *
         * @param mode {@link WaitMode#BUSY_POLL} or {@link WaitMode#HYBRID}
         * @param limit how long a loop looks for packets, counted from the last one, before it sleeps
         * @return this
         */
        public Builder waiting(WaitMode mode, Duration limit) {
            waitMode = Objects.requireNonNull(mode, "mode");
            spinLimit = Objects.requireNonNull(limit, "limit");
            return this;
        }

        /**
         * Asks for one driver and no other.
         *
         * @param name such as {@code uring} or {@code nio}
         * @return this
         */
        public Builder driver(String name) {
            driver = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Ends the collection.
         *
         * @return the options
         * @throws IllegalArgumentException if the wait mode does not go with its limit
         */
        public PacketOptions build() {
            Builder copy = new Builder();
            copy.queues = queues;
            copy.submissionQueue = submissionQueue;
            copy.completionQueue = Math.max(completionQueue, submissionQueue);
            copy.bufferCount = bufferCount;
            copy.bufferSize = bufferSize;
            copy.registeredBuffers = registeredBuffers;
            copy.postedReceives = Math.min(postedReceives, bufferCount / 2);
            copy.waitMode = waitMode;
            copy.spinLimit = spinLimit;
            copy.driver = driver;
            PacketOptions options = new PacketOptions(copy);
            options.ringOptions();
            return options;
        }
    }
}
