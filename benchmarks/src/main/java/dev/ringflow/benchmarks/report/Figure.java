package dev.ringflow.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One metric of one subject in one benchmark.
 *
 * @param benchmark what was done
 * @param subject who did it
 * @param ours whether the subject is RingFlow
 * @param metric what was measured
 * @param rounds the value of each round, in the order of the rounds
 * @param reference the subject that it is compared with; null if it is that, or nothing is
 * @param ratios the value over the reference's of the same round; empty without a reference
 */
public record Figure(
        String benchmark,
        String subject,
        boolean ours,
        Metric metric,
        List<Double> rounds,
        @Nullable String reference,
        List<Double> ratios) {
    /** Copies the lists. */
    public Figure {
        rounds = List.copyOf(rounds);
        ratios = List.copyOf(ratios);
    }

    /** A figure that is compared with nothing. */
    public static Figure alone(
            final String benchmark,
            final String subject,
            final boolean ours,
            final Metric metric,
            final List<Double> rounds) {
        return new Figure(benchmark, subject, ours, metric, rounds, null, List.of());
    }

    /**
     * The same figure beside another subject's, round by round. Rounds in which the reference has next to nothing make no
     * ratio.
     *
     * @param other the reference's figure of the same benchmark and metric
     * @return the figure with ratios
     */
    public Figure over(final Figure other) {
        final List<Double> found = new ArrayList<>();
        for (int i = 0; i < Math.min(rounds.size(), other.rounds.size()); i++) {
            final double base = other.rounds.get(i);
            if (base > metric.floor()) {
                found.add(rounds.get(i) / base);
            }
        }
        return new Figure(benchmark, subject, ours, metric, rounds, other.subject, found);
    }

    /** What it is found by in another report. */
    public String key() {
        return benchmark + " | " + subject + " | " + metric.name();
    }

    /** The rounds' values. */
    public Spread spread() {
        return Spread.of(rounds);
    }

    /** The rounds' ratios to the reference; all NaN without one. */
    public Spread ratio() {
        return Spread.of(ratios);
    }

    /** The ratio, turned so that more than 1 is better than the reference; NaN without one. */
    public double advantage() {
        final double ratio = ratio().median();
        return metric.better() == Better.HIGHER ? ratio : 1 / ratio;
    }
}
