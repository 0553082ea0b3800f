package dev.ringflow;

import dev.ringflow.spi.Driver;

/**
 * Looks for completions for a while before the loop sleeps, as far as {@link WaitMode} has it. Confined to the loop
 * thread.
 */
final class Spinning {
    /** After so many times in a row without use, only each so-many-th time is tried. */
    private static final int PATIENCE = 16;

    private final boolean adapts;
    private final long limitNanos;
    private int useless;

    Spinning(RingOptions options) {
        this.adapts = options.waitMode() == WaitMode.HYBRID;
        this.limitNanos = Ring.saturatedNanos(options.spinLimit());
    }

    boolean isOn() {
        return limitNanos > 0;
    }

    /** Looks, not longer than the loop may wait; whether there was something to do before the time was over. */
    boolean finds(Driver driver, Inbox inbox, Activity activity, long longestNanos) {
        if (!isPromising(activity)) {
            return false;
        }
        long time = Math.min(limitNanos, longestNanos);
        long begin = System.nanoTime();
        do {
            if (driver.poll(0) > 0 || !inbox.isEmpty() || driver.fault() != null) {
                useless = 0;
                return true;
            }
            Thread.onSpinWait();
        } while (System.nanoTime() - begin < time);
        useless++;
        return false;
    }

    private boolean isPromising(Activity activity) {
        if (!adapts) {
            return true;
        }
        if (activity.inFlight() == 0) {
            return false;
        }
        if (useless >= PATIENCE && useless % PATIENCE != 0) {
            useless++;
            return false;
        }
        return true;
    }
}
