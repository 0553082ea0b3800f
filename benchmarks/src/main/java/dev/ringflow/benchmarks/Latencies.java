package dev.ringflow.benchmarks;

/** A histogram of times, exact to 1 part in 32. Of one thread. */
final class Latencies {
    private static final int STEPS = 32;
    private static final int SHIFT = Integer.numberOfTrailingZeros(STEPS);

    private final long[] counts = new long[Long.SIZE * STEPS];
    private long total;

    void add(final long nanos) {
        counts[index(Math.max(0, nanos))]++;
        total++;
    }

    private static int index(final long nanos) {
        final int exponent = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(nanos) - SHIFT);
        return exponent * STEPS + (int) (nanos >>> exponent);
    }

    /** The time in nanoseconds that so large a share of all stays within; 0 of none. */
    double quantile(final double share) {
        long left = (long) Math.ceil(share * total);
        for (int i = 0; i < counts.length; i++) {
            left -= counts[i];
            if (left <= 0 && counts[i] > 0) {
                return (i % STEPS + 0.5) * (1L << i / STEPS);
            }
        }
        return 0;
    }

    void clear() {
        java.util.Arrays.fill(counts, 0);
        total = 0;
    }
}
