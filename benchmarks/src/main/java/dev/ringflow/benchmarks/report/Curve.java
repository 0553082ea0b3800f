package dev.ringflow.benchmarks.report;

import java.util.List;

/**
 * How latency grows towards the slowest requests, over all rounds.
 *
 * @param benchmark what was done
 * @param subject who did it
 * @param ours whether the subject is RingFlow
 * @param points from the median on
 */
public record Curve(String benchmark, String subject, boolean ours, List<Point> points) {
    /** Copies the list. */
    public Curve {
        points = List.copyOf(points);
    }

    /**
     * One quantile.
     *
     * @param share of all requests, from 0 to below 1
     * @param micros that they stay within, in microseconds
     */
    public record Point(double share, double micros) {}
}
