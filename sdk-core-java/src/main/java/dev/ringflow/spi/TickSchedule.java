package dev.ringflow.spi;

/**
 * When the ticks of a clock are due, and how many have passed: plain arithmetic on the values of a clock that only the
 * caller reads, in nanoseconds. Ticks are counted from 1.
 */
public final class TickSchedule {
    /** Keeps the difference of two times from overflowing. */
    private static final long LONGEST = Long.MAX_VALUE / 2;

    private final long first;
    private final long period;

    /**
     * A clock.
     *
     * @param start the time now
     * @param initialDelay from now to the first tick, 0 or more
     * @param period from tick to tick, at least 1
     */
    public TickSchedule(long start, long initialDelay, long period) {
        this.first = start + Math.min(LONGEST, initialDelay);
        this.period = Math.min(LONGEST, period);
    }

    /**
     * From tick to tick.
     *
     * @return nanoseconds
     */
    public long period() {
        return period;
    }

    /**
     * How many ticks have passed.
     *
     * @param now the time
     * @return 0 before the first
     */
    public long passed(long now) {
        long since = now - first;
        return since < 0 ? 0 : since / period + 1;
    }

    /**
     * How long until the next tick that has not passed.
     *
     * @param now the time
     * @return nanoseconds, at least 1
     */
    public long untilNext(long now) {
        long since = now - first;
        return since < 0 ? -since : period - since % period;
    }

    /**
     * How late it is for the last tick that has passed.
     *
     * @param now the time
     * @return nanoseconds, less than a period; below zero before the first tick
     */
    public long lateness(long now) {
        long since = now - first;
        return since < 0 ? since : since % period;
    }
}
