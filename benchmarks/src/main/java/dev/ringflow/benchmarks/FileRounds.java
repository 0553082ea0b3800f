package dev.ringflow.benchmarks;

import dev.ringflow.benchmarks.report.Better;
import dev.ringflow.benchmarks.report.Figure;
import dev.ringflow.benchmarks.report.Metric;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sides that take turns, so that what else the machine and its disk do hits all alike, and their table. Every figure is
 * a median; a ratio is taken round by round. A peer that cannot start, or fails while it is warmed up, is left out and
 * named with the reason.
 */
final class FileRounds {
    private final List<Row> rows = new ArrayList<>();
    private final Map<FileSide, List<FileCost>> costs = new LinkedHashMap<>();
    private final Set<FileSide> peers = new HashSet<>();
    private final Map<String, String> absent = new LinkedHashMap<>();
    private int rounds;

    /** A side, and what it is compared with. */
    private record Row(FileSide side, @Nullable FileSide base, double target) {}

    /** Adds a side that others are compared with. */
    <T extends FileSide> T add(final T side) {
        return add(side, null, 0);
    }

    /** Adds a side. */
    <T extends FileSide> T add(final T side, final @Nullable FileSide base, final double target) {
        rows.add(new Row(side, base, target));
        costs.put(side, new ArrayList<>());
        return side;
    }

    /** Starts a side. */
    interface Start {
        FileSide start() throws Exception;
    }

    /** Adds a peer that may not work here. */
    void addPeer(final String name, final Start peer, final @Nullable FileSide base) {
        try {
            peers.add(add(peer.start(), base, 0));
        } catch (final Exception | LinkageError e) {
            absent.put(name, reason(e));
        }
    }

    private static String reason(final Throwable failure) {
        final String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }

    private void warmUp(final FileSide side, final int millis) throws Exception {
        try {
            side.measure(millis);
        } catch (final Exception | LinkageError e) {
            if (!peers.contains(side)) {
                throw e;
            }
            absent.put(side.name(), reason(e));
            rows.removeIf(row -> row.side == side);
            costs.remove(side);
            side.close();
        }
    }

    /** Measures, each round beginning with another side. */
    void run(final int warmUps, final int wanted, final int millis) throws Exception {
        for (int round = 0; round < warmUps; round++) {
            for (final FileSide each : List.copyOf(costs.keySet())) {
                warmUp(each, millis);
            }
        }
        final List<FileSide> sides = List.copyOf(costs.keySet());
        rounds = wanted;
        for (int round = 0; round < wanted; round++) {
            for (int i = 0; i < sides.size(); i++) {
                final FileSide side = sides.get((round + i) % sides.size());
                costs(side).add(side.measure(millis));
            }
        }
    }

    private List<FileCost> costs(final FileSide side) {
        return java.util.Objects.requireNonNull(costs.get(side));
    }

    /** How one side compares with another: the median of the rounds' ratios. */
    double share(final FileSide side, final FileSide base) {
        final Samples shares = new Samples(rounds);
        for (int round = 0; round < rounds; round++) {
            shares.add(
                    costs(side).get(round).perSecond() / costs(base).get(round).perSecond());
        }
        return shares.median();
    }

    /** How many of a hundred system calls a side makes less than another, round by round. */
    List<Double> savedCalls(final FileSide side, final FileSide base) {
        final List<Double> saved = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            final double share = costs(side).get(round).systemCalls()
                    / costs(base).get(round).systemCalls();
            saved.add(100 * (1 - share));
        }
        return saved;
    }

    private Samples samples(final FileSide side, final ToDoubleFunction<FileCost> figure) {
        final Samples samples = new Samples(rounds);
        costs(side).forEach(each -> samples.add(figure.applyAsDouble(each)));
        return samples;
    }

    /** Whether every target is reached. */
    boolean isReached() {
        return rows.stream().allMatch(row -> row.base == null || share(row.side, row.base) >= row.target);
    }

    /** Prints the table of requests. */
    void print(final PrintStream out, final String shareOf) {
        out.printf(
                "%-38s %10s %7s %9s  %-20s %9s %9s %9s%n",
                "", "requests/s", "spread", shareOf, "target", "CPU us", "calls", "heap B");
        for (final Row row : rows) {
            final Samples speed = samples(row.side, FileCost::perSecond);
            out.printf(
                    Locale.ROOT,
                    "%-38s %10.0f %6.1f%% %9s  %-20s %9s %9s %9s%n",
                    row.side.name(),
                    speed.median(),
                    100 * speed.spread(),
                    row.base == null ? "" : String.format(Locale.ROOT, "%.3f", share(row.side, row.base)),
                    target(row),
                    figure("%.2f", samples(row.side, each -> each.cpuNanos() / 1000)),
                    figure("%.3f", samples(row.side, FileCost::systemCalls)),
                    figure("%.1f", samples(row.side, FileCost::heapBytes)));
        }
        absent.forEach((name, reason) -> out.printf("%-38s not measured: %s%n", name, reason));
    }

    /** Adds all figures of requests to the findings. */
    void report(final Findings findings, final String benchmark) {
        report(findings, benchmark, Metric.SPEED, FileCost::perSecond);
        report(findings, benchmark, Metric.CPU, each -> each.cpuNanos() / 1000);
        report(findings, benchmark, Metric.CALLS, FileCost::systemCalls);
        report(findings, benchmark, Metric.HEAP, FileCost::heapBytes);
        report(findings, benchmark, latency("p50"), each -> each.medianNanos() / 1000);
        report(findings, benchmark, latency("p99"), each -> each.slowNanos() / 1000);
        absent.forEach((name, reason) -> findings.absent(benchmark, name, reason));
    }

    /** Adds all figures of copies to the findings. */
    void reportCopies(final Findings findings, final String benchmark) {
        report(findings, benchmark, Metric.THROUGHPUT, each -> each.perSecond() / (1 << 20));
        report(
                findings,
                benchmark,
                Metric.timed("CPU time", "ms/GiB", Better.LOWER),
                each -> each.cpuNanos() * (1 << 30) / 1e6);
    }

    static Metric latency(final String name) {
        return Metric.timed("latency " + name, "µs", Better.LOWER);
    }

    private void report(
            final Findings findings,
            final String benchmark,
            final Metric metric,
            final ToDoubleFunction<FileCost> value) {
        for (final Row row : rows) {
            final Figure figure = figure(benchmark, row.side, metric, value);
            findings.add(row.base == null ? figure : figure.over(figure(benchmark, row.base, metric, value)));
        }
    }

    private Figure figure(
            final String benchmark, final FileSide side, final Metric metric, final ToDoubleFunction<FileCost> value) {
        final List<Double> values =
                costs(side).stream().mapToDouble(value).boxed().toList();
        return Figure.alone(benchmark, side.name(), side.isOurs(), metric, values);
    }

    /** Prints the table of requests and how long each takes. */
    void printLatencies(final PrintStream out) {
        out.printf(
                "%-38s %10s %7s %9s %9s %9s %9s%n", "", "requests/s", "spread", "p50 us", "p99 us", "CPU us", "calls");
        for (final Row row : rows) {
            final Samples speed = samples(row.side, FileCost::perSecond);
            out.printf(
                    Locale.ROOT,
                    "%-38s %10.0f %6.1f%% %9s %9s %9s %9s%n",
                    row.side.name(),
                    speed.median(),
                    100 * speed.spread(),
                    figure("%.0f", samples(row.side, each -> each.medianNanos() / 1000)),
                    figure("%.0f", samples(row.side, each -> each.slowNanos() / 1000)),
                    figure("%.2f", samples(row.side, each -> each.cpuNanos() / 1000)),
                    figure("%.3f", samples(row.side, FileCost::systemCalls)));
        }
    }

    /** Prints the table of copies. */
    void printCopies(final PrintStream out, final String shareOf) {
        out.printf("%-46s %9s %7s %9s  %-20s %14s%n", "", "MiB/s", "spread", shareOf, "target", "CPU ms per GiB");
        for (final Row row : rows) {
            final Samples speed = samples(row.side, FileCost::perSecond);
            out.printf(
                    Locale.ROOT,
                    "%-46s %9.0f %6.1f%% %9s  %-20s %14s%n",
                    row.side.name(),
                    speed.median() / (1 << 20),
                    100 * speed.spread(),
                    row.base == null ? "" : String.format(Locale.ROOT, "%.3f", share(row.side, row.base)),
                    target(row),
                    figure("%.0f", samples(row.side, each -> each.cpuNanos() * (1 << 30) / 1e6)));
        }
    }

    private String target(final Row row) {
        if (row.base == null || row.target == 0) {
            return "";
        }
        final String word = share(row.side, row.base) >= row.target ? "reached" : "not reached";
        return String.format(Locale.ROOT, "%.2f %s", row.target, word);
    }

    private static String figure(final String format, final Samples samples) {
        final double median = samples.median();
        return Double.isNaN(median) ? "-" : String.format(Locale.ROOT, format, median);
    }

    /** Closes all sides. */
    void close() throws Exception {
        for (final FileSide each : costs.keySet()) {
            each.close();
        }
    }
}
