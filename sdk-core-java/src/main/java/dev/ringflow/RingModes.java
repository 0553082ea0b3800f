package dev.ringflow;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a ring waits, and who works for it in the kernel. {@link RingOptions} is the class to use.
 *
 * <p>All of it is about speed: what the driver, the kernel or the device does not have is left out, and
 * {@link Capabilities#details()} tells so.
 */
public abstract sealed class RingModes permits RingOptions {
    private final WaitMode waitMode;
    private final Duration spinLimit;
    private final @Nullable Duration submissionThread;
    private final int submissionThreadCpu;
    private final boolean polledCompletions;
    private final int boundedWorkers;
    private final int unboundedWorkers;
    private final boolean pinnedThread;

    RingModes(ModeBuilder<?> builder) {
        this.waitMode = builder.waitMode;
        this.spinLimit = builder.spinLimit;
        this.submissionThread = builder.submissionThread;
        this.submissionThreadCpu = builder.submissionThreadCpu;
        this.polledCompletions = builder.polledCompletions;
        this.boundedWorkers = builder.boundedWorkers;
        this.unboundedWorkers = builder.unboundedWorkers;
        this.pinnedThread = builder.pinnedThread;
    }

    /**
     * How the loop waits.
     *
     * @return {@link WaitMode#INTERRUPT} unless another was set
     */
    public WaitMode waitMode() {
        return waitMode;
    }

    /**
     * How long the loop looks for completions before it sleeps.
     *
     * @return zero for {@link WaitMode#INTERRUPT}
     */
    public Duration spinLimit() {
        return spinLimit;
    }

    /**
     * How long the kernel's submission thread looks for entries before it sleeps.
     *
     * @return null if there is to be no such thread
     */
    public @Nullable Duration submissionThread() {
        return submissionThread;
    }

    /**
     * Which processor the kernel's submission thread runs on.
     *
     * @return its number, or -1 for any
     */
    public int submissionThreadCpu() {
        return submissionThreadCpu;
    }

    /**
     * Whether direct I/O is to be polled for at the device.
     *
     * @return true if that was asked for
     */
    public boolean polledCompletions() {
        return polledCompletions;
    }

    /**
     * How many worker threads the kernel may have for work that ends by itself, such as reads of regular files.
     *
     * @return threads
     */
    public int boundedWorkers() {
        return boundedWorkers;
    }

    /**
     * How many worker threads the kernel may have for work that may wait for ever, such as reads of pipes.
     *
     * @return threads
     */
    public int unboundedWorkers() {
        return unboundedWorkers;
    }

    /**
     * Whether the loop thread stays on one processor.
     *
     * @return true if that was asked for
     */
    public boolean pinnedThread() {
        return pinnedThread;
    }

    /**
     * Collects modes; {@link RingOptions.Builder} is the class to use. Not thread-safe.
     *
     * @param <B> the builder itself
     */
    public abstract static sealed class ModeBuilder<B> permits RingOptions.Builder {
        private static final Duration BUSY_POLL_LIMIT = Duration.ofMillis(10);
        private static final Duration HYBRID_LIMIT = Duration.ofNanos(100_000);
        private static final int MOST_WORKERS = 65_535;

        private WaitMode waitMode = WaitMode.INTERRUPT;
        private Duration spinLimit = Duration.ZERO;
        private @Nullable Duration submissionThread;
        private int submissionThreadCpu = -1;
        private boolean polledCompletions;
        private int boundedWorkers = 4 * Runtime.getRuntime().availableProcessors();
        private int unboundedWorkers = 512;
        private boolean pinnedThread;

        ModeBuilder() {}

        abstract B self();

        /**
         * Sets how the loop waits: for {@link WaitMode#BUSY_POLL} it looks for completions for up to 10 milliseconds,
         * for {@link WaitMode#HYBRID} up to 100 microseconds, before it sleeps. Every driver has this.
         *
         * @param mode the mode
         * @return this
         */
        public B waiting(WaitMode mode) {
            return switch (mode) {
                case INTERRUPT -> {
                    waitMode = WaitMode.INTERRUPT;
                    spinLimit = Duration.ZERO;
                    yield self();
                }
                case BUSY_POLL -> waiting(mode, BUSY_POLL_LIMIT);
                case HYBRID -> waiting(mode, HYBRID_LIMIT);
            };
        }

        /**
         * Sets how the loop waits. Every driver has this. While the loop looks for completions it uses up a processor; a
         * long limit is for machines that have one to spare.
         *
         * @param mode {@link WaitMode#BUSY_POLL} or {@link WaitMode#HYBRID}
         * @param limit how long the loop looks for completions, counted from the last one, before it sleeps
         * @return this
         * @throws IllegalArgumentException if the limit is zero or negative, or the mode has none
         */
        public B waiting(WaitMode mode, Duration limit) {
            if (mode == WaitMode.INTERRUPT) {
                throw new IllegalArgumentException("INTERRUPT never looks before it sleeps, so it has no limit");
            }
            if (limit.isZero() || limit.isNegative()) {
                throw new IllegalArgumentException("The limit must be longer than zero, got " + limit);
            }
            waitMode = Objects.requireNonNull(mode, "mode");
            spinLimit = limit;
            return self();
        }

        /**
         * Has a thread of the kernel take submissions, so that submitting needs no system call while it looks for them
         * ({@code IORING_SETUP_SQPOLL}, io_uring_setup(2)). It uses up a processor until it has been idle for the given
         * time. Needs Linux 5.11, or privilege before that; where it cannot be had, and on the driver {@code nio},
         * the ring does without.
         *
         * @param idle how long it looks for submissions before it sleeps, in whole milliseconds, at least one
         * @return this
         * @throws IllegalArgumentException if that is less than a millisecond
         */
        public B submissionThread(Duration idle) {
            if (idle.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException("idle must be at least a millisecond, got " + idle);
            }
            submissionThread = idle;
            submissionThreadCpu = -1;
            return self();
        }

        /**
         * As {@link #submissionThread(Duration)}, on one processor; where the kernel refuses that one, on any.
         *
         * @param idle how long it looks for submissions before it sleeps
         * @param cpu the number of the processor, from 0
         * @return this
         * @throws IllegalArgumentException if an argument is out of range
         */
        public B submissionThread(Duration idle, int cpu) {
            if (cpu < 0) {
                throw new IllegalArgumentException("cpu must be 0 or more, got " + cpu);
            }
            submissionThread(idle);
            submissionThreadCpu = cpu;
            return self();
        }

        /**
         * Has reads and writes of files that are open for direct I/O polled for at the device, instead of waiting for its
         * interrupts ({@code IORING_SETUP_IOPOLL}, io_uring_setup(2)): the least latency that a fast device has, at the
         * price of a processor while they are in flight. The device needs poll queues ({@code nvme.poll_queues}); the
         * first such operation finds out, and where there are none it, and all later ones, are done the usual way. It
         * cannot be cancelled meanwhile. Without effect on the driver {@code nio}.
         *
         * @param wanted true to try
         * @return this
         */
        public B polledCompletions(boolean wanted) {
            polledCompletions = wanted;
            return self();
        }

        /**
         * Keeps the loop thread on one processor (sched_setaffinity(2)). Rings that are opened one after the other, as those
         * of a {@link RingGroup}, take one after the other of the processors that the process may use;
         * {@link Capabilities#details()} tells which. A thread that is started on the loop thread, by a callback, stays on
         * the same processor. Without effect on the driver {@code nio}.
         *
         * @param wanted true to try
         * @return this
         */
        public B pinnedThread(boolean wanted) {
            pinnedThread = wanted;
            return self();
        }

        /**
         * Bounds the kernel's worker threads, which do what cannot be done without waiting
         * ({@code io_uring_register_iowq_max_workers(3)}). If not set, 4 for each processor, and 512. What finds no worker
         * free waits its turn. Needs Linux 5.15, is ignored before it, and without effect on the driver {@code nio}.
         *
         * @param bounded for work that ends by itself, such as reads of regular files; 1 to 65535
         * @param unbounded for work that may wait for ever, such as reads of pipes; 1 to 65535
         * @return this
         * @throws IllegalArgumentException outside that range
         */
        public B workers(int bounded, int unbounded) {
            if (Math.min(bounded, unbounded) < 1 || Math.max(bounded, unbounded) > MOST_WORKERS) {
                throw new IllegalArgumentException(
                        "workers must be 1 to " + MOST_WORKERS + ", got " + bounded + " and " + unbounded);
            }
            boundedWorkers = bounded;
            unboundedWorkers = unbounded;
            return self();
        }
    }
}
