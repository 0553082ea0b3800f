package dev.ringflow;

import dev.ringflow.spi.DriverModes;
import dev.ringflow.spi.DriverOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How a ring is set up. Immutable. */
public final class RingOptions extends RingModes {
    /** The largest submission queue that Linux makes. */
    public static final int MAX_ENTRIES = 32_768;

    /** The largest completion queue that Linux makes. */
    public static final int MAX_COMPLETION_ENTRIES = 65_536;

    /** The largest table of direct descriptors that Linux makes. */
    public static final int MAX_FILE_TABLE = 1 << 20;

    /** Rings that are opened one after the other, as those of a group, take one processor after the other. */
    private static final AtomicInteger PINNED = new AtomicInteger();

    private static final RingOptions DEFAULTS = builder().build();

    private final int entries;
    private final int completionEntries;
    private final @Nullable String driver;
    private final Duration closeTimeout;
    private final int fileTable;
    private final String threadName;
    private final Duration stallLimit;
    private final boolean jmx;

    private RingOptions(Builder builder) {
        super(builder);
        this.entries = builder.entries;
        this.completionEntries = builder.completionEntries;
        this.driver = builder.driver;
        this.closeTimeout = builder.closeTimeout;
        this.fileTable = builder.fileTable;
        this.threadName = builder.threadName;
        this.stallLimit = builder.stallLimit;
        this.jmx = builder.jmx;
    }

    /**
     * What {@link Ring#open()} uses.
     *
     * @return 256 entries, the best driver
     */
    public static RingOptions defaults() {
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
     * Submission queue entries.
     *
     * @return operations that can be prepared before the kernel has to be entered
     */
    public int entries() {
        return entries;
    }

    /**
     * Completion queue entries.
     *
     * @return 0 when the driver chooses
     */
    public int completionEntries() {
        return completionEntries;
    }

    /**
     * The only driver that is wanted.
     *
     * @return its name, or null for the best one that works
     */
    public @Nullable String driver() {
        return driver;
    }

    /**
     * How long {@link Ring#close()} waits for the kernel to let go of everything.
     *
     * @return past it, memory that the kernel may still touch is kept for good and the fact is reported
     */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /**
     * How many direct descriptors may be open at once; see {@link dev.ringflow.file.RingOpenOption#DIRECT_DESCRIPTOR}.
     *
     * @return slots of the table that the ring makes when it is first needed
     */
    public int fileTable() {
        return fileTable;
    }

    /**
     * What the loop thread's name begins with.
     *
     * @return the name; a number follows it
     */
    public String threadName() {
        return threadName;
    }

    /**
     * How long the loop may go without coming back to the kernel before a watchdog tells.
     *
     * @return zero if nobody watches
     */
    public Duration stallLimit() {
        return stallLimit;
    }

    /**
     * Whether the ring is shown to JMX.
     *
     * @return true unless that was switched off
     */
    public boolean jmx() {
        return jmx;
    }

    /** What a driver is told of it. */
    DriverOptions forDriver() {
        Duration thread = submissionThread();
        DriverModes modes = new DriverModes(
                thread == null ? 0 : thread.toMillis(),
                submissionThreadCpu(),
                polledCompletions(),
                boundedWorkers(),
                unboundedWorkers(),
                pinnedThread() ? PINNED.getAndIncrement() : -1);
        return new DriverOptions(entries, completionEntries, fileTable, modes);
    }

    /** Collects options. Each setter refuses what no driver could do. Not thread-safe. */
    public static final class Builder extends ModeBuilder<Builder> {
        private int entries = 256;
        private int completionEntries;
        private @Nullable String driver;
        private Duration closeTimeout = Duration.ofSeconds(5);
        private int fileTable = 1024;
        private String threadName = "ringflow";
        private Duration stallLimit = Duration.ofSeconds(2);
        private boolean jmx = true;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets the size of the submission queue; 256 if not set. The kernel rounds it up to a power of two.
         *
         * @param count 1 to {@link #MAX_ENTRIES}
         * @return this
         * @throws IllegalArgumentException outside that range
         */
        public Builder entries(int count) {
            if (count < 1 || count > MAX_ENTRIES) {
                throw new IllegalArgumentException("entries must be 1 to " + MAX_ENTRIES + ", got " + count
                        + ". A bigger queue is seldom faster: 256 to 1024 serves most programs.");
            }
            this.entries = count;
            return this;
        }

        /**
         * Sets the size of the submission queue by what it is for.
         *
         * @param depth the kind of load
         * @return this
         */
        public Builder depth(QueueDepth depth) {
            return entries(depth.entries());
        }

        /**
         * Sets the size of the completion queue. If not set, it is the larger of 4096 and 4 times the submission
         * queue, since multishot operations complete many times for one submission.
         *
         * @param count 1 to {@link #MAX_COMPLETION_ENTRIES}, at least {@link #entries}
         * @return this
         * @throws IllegalArgumentException outside that range
         */
        public Builder completionEntries(int count) {
            if (count < 1 || count > MAX_COMPLETION_ENTRIES) {
                throw new IllegalArgumentException(
                        "completionEntries must be 1 to " + MAX_COMPLETION_ENTRIES + ", got " + count);
            }
            this.completionEntries = count;
            return this;
        }

        /**
         * Asks for one driver and no other.
         *
         * @param name such as {@code uring} or {@code nio}
         * @return this
         */
        public Builder driver(String name) {
            this.driver = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets how long closing may wait for the kernel; 5 seconds if not set.
         *
         * @param timeout longer than zero
         * @return this
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder closeTimeout(Duration timeout) {
            if (timeout.isZero() || timeout.isNegative()) {
                throw new IllegalArgumentException("closeTimeout must be longer than zero, got " + timeout);
            }
            this.closeTimeout = timeout;
            return this;
        }

        /**
         * Sets how many direct descriptors may be open at once; 1024 if not set. Costs nothing until the first one is
         * opened. The system refuses a table larger than the process limit of open files (ulimit -n).
         *
         * @param slots 1 to {@link #MAX_FILE_TABLE}
         * @return this
         * @throws IllegalArgumentException outside that range
         */
        public Builder fileTable(int slots) {
            if (slots < 1 || slots > MAX_FILE_TABLE) {
                throw new IllegalArgumentException("fileTable must be 1 to " + MAX_FILE_TABLE + ", got " + slots);
            }
            this.fileTable = slots;
            return this;
        }

        /**
         * Sets what the ring's name and those of its threads begin with; {@code ringflow} if not set. See
         * {@link Ring#name()}.
         *
         * @param name the name
         * @return this
         */
        public Builder threadName(String name) {
            this.threadName = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets how long a callback may hold the loop, and everything else on the ring with it, before a watchdog tells; 2
         * seconds if not set: longer than a garbage collection takes, and too long for whoever waits. It is told once for
         * each time, by the logger {@code dev.ringflow} with the stack of the loop thread, which shows the callback; by
         * {@link RingMetrics#stalls()}; and by the event {@code dev.ringflow.LoopStall} of a flight recording.
         *
         * <p>What is measured is a turn of the loop, which may run many callbacks. It is told up to a quarter of the limit
         * late. All rings share one daemon thread that watches, {@code ringflow watchdog}, which looks four times in the
         * limit; the loop pays a plain store in each turn.
         *
         * @param limit at least a millisecond, or zero for no watching
         * @return this
         * @throws IllegalArgumentException if it is negative, or shorter than a millisecond and not zero
         */
        public Builder stallLimit(Duration limit) {
            if (!limit.isZero() && limit.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException("stallLimit must be zero or at least a millisecond, got " + limit);
            }
            this.stallLimit = limit;
            return this;
        }

        /**
         * Sets whether the ring is shown to JMX, as {@code dev.ringflow:type=Ring} with its name, by {@link RingMXBean};
         * true if not set. That costs nothing until the process has a platform MBean server, as when a monitoring program
         * attaches; then it is there within a second. The first such ring sets the system property
         * {@code dev.ringflow.rings}, by which such a program finds the process. Where the module {@code java.management} is missing, nothing happens.
         *
         * @param shown false to switch it off
         * @return this
         */
        public Builder jmx(boolean shown) {
            this.jmx = shown;
            return this;
        }

        /**
         * Ends the collection.
         *
         * @return the options
         * @throws IllegalArgumentException if the completion queue is smaller than the submission queue
         */
        public RingOptions build() {
            if (completionEntries != 0 && completionEntries < entries) {
                throw new IllegalArgumentException("completionEntries (" + completionEntries
                        + ") must not be smaller than entries (" + entries + ")");
            }
            return new RingOptions(this);
        }
    }
}
