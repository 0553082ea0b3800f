package dev.ringflow.benchmarks;

import java.util.Arrays;

/** Measured values, and what can be said of them. */
final class Samples {
    private final double[] values;
    private int count;

    Samples(final int capacity) {
        values = new double[capacity];
    }

    void add(final double value) {
        values[count++] = value;
    }

    double get(final int index) {
        return values[index];
    }

    int count() {
        return count;
    }

    /** The value in the middle; of an even number the mean of the two. */
    double median() {
        return quantile(0.5);
    }

    /** Half of the values lie between the quartiles: their distance, as a share of the median. */
    double spread() {
        return (quantile(0.75) - quantile(0.25)) / median();
    }

    double minimum() {
        return quantile(0);
    }

    private double quantile(final double share) {
        final double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        final double position = share * (count - 1);
        final int below = (int) position;
        final int above = Math.min(below + 1, count - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
