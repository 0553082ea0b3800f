package dev.ringflow.benchmarks.report;

import java.util.Arrays;
import java.util.List;

/**
 * Where the values of several rounds lie. All are NaN when there is no value.
 *
 * @param median the value in the middle; of an even number the mean of the two
 * @param minimum the smallest value
 * @param maximum the largest value
 * @param deviation the median of the values' distances from the median (MAD), which one bad round does not move
 */
public record Spread(double median, double minimum, double maximum, double deviation) {
    /**
     * Sums values up.
     *
     * @param values one of each round; those that are NaN do not count
     * @return where they lie
     */
    public static Spread of(final List<Double> values) {
        final double[] known = values.stream()
                .mapToDouble(Double::doubleValue)
                .filter(each -> !Double.isNaN(each))
                .sorted()
                .toArray();
        if (known.length == 0) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        final double median = middle(known);
        final double[] distances = Arrays.stream(known)
                .map(each -> Math.abs(each - median))
                .sorted()
                .toArray();
        return new Spread(median, known[0], known[known.length - 1], middle(distances));
    }

    private static double middle(final double[] sorted) {
        final int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
