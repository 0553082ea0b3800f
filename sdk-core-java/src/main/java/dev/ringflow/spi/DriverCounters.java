package dev.ringflow.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a driver counts. Written by the loop thread alone, without a lock or a fence; read by any thread, which sees
 * recent values.
 */
public final class DriverCounters {
    /** One number. */
    public static final class Counter {
        private static final VarHandle VALUE;

        static {
            try {
                VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private long value;

        Counter() {}

        /**
         * Adds; loop thread only.
         *
         * @param amount what is added
         */
        public void add(long amount) {
            VALUE.setOpaque(this, value + amount);
        }

        /**
         * Reads; any thread.
         *
         * @return a recent value
         */
        public long get() {
            return (long) VALUE.getOpaque(this);
        }
    }

    private final Counter submitted = new Counter();
    private final Counter completed = new Counter();
    private final Counter waits = new Counter();
    private final Counter systemCalls = new Counter();
    private final Counter enters = new Counter();
    private final Counter overflows = new Counter();
    private final Counter cancels = new Counter();
    private final Counter rearms = new Counter();
    private final Counter fallbacks = new Counter();
    private final Counter zeroCopySends = new Counter();
    private final Counter zeroCopiesCopied = new Counter();

    /** All at zero. */
    public DriverCounters() {}

    /**
     * Operations given to the kernel.
     *
     * @return the counter
     */
    public Counter submitted() {
        return submitted;
    }

    /**
     * Completions delivered, each one of a multishot operation included.
     *
     * @return the counter
     */
    public Counter completed() {
        return completed;
    }

    /**
     * Times that the loop went to wait.
     *
     * @return the counter
     */
    public Counter waits() {
        return waits;
    }

    /**
     * System calls that the driver made on the loop thread, as far as it makes them itself.
     *
     * @return the counter
     */
    public Counter systemCalls() {
        return systemCalls;
    }

    /**
     * Those of {@link #systemCalls()} that hand operations to the kernel's queues, or wait for or fetch what they have:
     * {@code io_uring_enter}, a selection of channels, a look at a completion port.
     *
     * @return the counter
     */
    public Counter enters() {
        return enters;
    }

    /**
     * Times that the completion queue had overflowed.
     *
     * @return the counter
     */
    public Counter overflows() {
        return overflows;
    }

    /**
     * Cancellations asked of the kernel.
     *
     * @return the counter
     */
    public Counter cancels() {
        return cancels;
    }

    /**
     * Multishot operations that were begun anew, since they had ended while they were still wanted. The core counts those
     * that it begins again itself; a driver counts only what it does of its own accord.
     *
     * @return the counter
     */
    public Counter rearms() {
        return rearms;
    }

    /**
     * Operations for which something else stood in: another form of them, or a helper thread. The event loop counts, those
     * that the capabilities name and those of {@link CompletionListener#fallback}.
     *
     * @return the counter
     */
    public Counter fallbacks() {
        return fallbacks;
    }

    /**
     * Sends that the kernel was to do without copying.
     *
     * @return the counter
     */
    public Counter zeroCopySends() {
        return zeroCopySends;
    }

    /**
     * Those of {@link #zeroCopySends()} whose bytes the kernel copied all the same, as far as it tells.
     *
     * @return the counter
     */
    public Counter zeroCopiesCopied() {
        return zeroCopiesCopied;
    }
}
