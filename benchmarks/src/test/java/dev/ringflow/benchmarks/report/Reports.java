package dev.ringflow.benchmarks.report;

import java.util.List;
import java.util.Map;

/** Reports for the tests. */
final class Reports {
    static final Metric SPEED = Metric.SPEED;

    private Reports() {}

    static Report of(final Figure... figures) {
        return new Report(
                "some",
                "./ringflow bench some",
                "2026-01-01T00:00:00Z",
                Map.of(),
                List.of(figures),
                List.of(),
                List.of());
    }

    /** A figure of RingFlow with these ratios to a reference that always does 100. */
    static Figure ratios(final Metric metric, final Double... ratios) {
        final List<Double> rounds =
                List.of(ratios).stream().map(each -> 100 * each).toList();
        final List<Double> base = List.of(ratios).stream().map(each -> 100.0).toList();
        return Figure.alone("bench", "RingFlow", true, metric, rounds)
                .over(Figure.alone("bench", "peer", false, metric, base));
    }

    static Figure counted(final Metric metric, final Double... rounds) {
        return Figure.alone("bench", "RingFlow", true, metric, List.of(rounds));
    }
}
