package dev.ringflow.benchmarks;

import dev.ringflow.benchmarks.report.Figure;
import dev.ringflow.benchmarks.report.Metric;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** The rounds of all servers, and their table. Every figure is a median; a ratio is taken round by round. */
final class EchoRounds {
    private final Map<EchoKind, List<EchoCost>> costs = new EnumMap<>(EchoKind.class);
    private final Map<EchoKind, Double> traced = new EnumMap<>(EchoKind.class);

    void add(final EchoKind kind, final EchoCost cost) {
        costs.computeIfAbsent(kind, absent -> new ArrayList<>()).add(cost);
    }

    /** System calls for each request, counted from outside in a round of its own. */
    void traced(final EchoKind kind, final double systemCalls) {
        traced.put(kind, systemCalls);
    }

    boolean has(final EchoKind kind) {
        return costs.containsKey(kind);
    }

    private List<EchoCost> costs(final EchoKind kind) {
        return Objects.requireNonNull(costs.get(kind));
    }

    double median(final EchoKind kind, final ToDoubleFunction<EchoCost> figure) {
        final Samples samples = new Samples(costs(kind).size());
        costs(kind).forEach(each -> samples.add(figure.applyAsDouble(each)));
        return samples.median();
    }

    private double spread(final EchoKind kind, final ToDoubleFunction<EchoCost> figure) {
        final Samples samples = new Samples(costs(kind).size());
        costs(kind).forEach(each -> samples.add(figure.applyAsDouble(each)));
        return samples.spread();
    }

    /** How one server compares with another: the median of the rounds' ratios. */
    double ratio(final EchoKind kind, final EchoKind base, final ToDoubleFunction<EchoCost> figure) {
        final int rounds = Math.min(costs(kind).size(), costs(base).size());
        final Samples ratios = new Samples(rounds);
        for (int round = 0; round < rounds; round++) {
            ratios.add(figure.applyAsDouble(costs(kind).get(round))
                    / figure.applyAsDouble(costs(base).get(round)));
        }
        return ratios.median();
    }

    void print(final PrintStream out) {
        out.printf(
                "%-36s %10s %7s %8s %6s %6s %7s %7s %8s %7s %7s %8s %8s%n",
                "",
                "requests/s",
                "spread",
                "CPU us",
                "of C",
                "of N",
                "kernel",
                "calls",
                "heap B",
                "p50 us",
                "p99 us",
                "p999 us",
                "clients");
        for (final EchoKind kind : costs.keySet()) {
            out.printf(
                    Locale.ROOT,
                    "%-36s %10.0f %6.1f%% %8.2f %6s %6s %6.0f%% %7s %8s %7.0f %7.0f %8.0f %7.0f%%%n",
                    kind.title(),
                    median(kind, EchoCost::perSecond),
                    100 * spread(kind, EchoCost::perSecond),
                    median(kind, EchoCost::cpuNanos) / 1000,
                    ratioText(kind, EchoKind.C),
                    ratioText(kind, EchoKind.NETTY_URING),
                    100 * median(kind, EchoCost::kernelShare),
                    calls(kind),
                    kind == EchoKind.C ? "-" : text("%.1f", median(kind, EchoCost::heapBytes)),
                    median(kind, EchoCost::median) / 1000,
                    median(kind, EchoCost::slow) / 1000,
                    median(kind, EchoCost::slowest) / 1000,
                    100 * median(kind, EchoCost::clientsBusy));
        }
    }

    /** Adds all figures to the findings; the reference is Netty's io_uring, or C without it. */
    void report(final Findings findings, final String benchmark) {
        report(findings, benchmark, Metric.SPEED, EchoCost::perSecond);
        report(findings, benchmark, Metric.CPU, each -> each.cpuNanos() / 1000);
        reportCalls(findings, benchmark);
        report(findings, benchmark, Metric.HEAP, EchoCost::heapBytes);
        report(findings, benchmark, FileRounds.latency("p50"), each -> each.median() / 1000);
        report(findings, benchmark, FileRounds.latency("p99"), each -> each.slow() / 1000);
        report(findings, benchmark, FileRounds.latency("p99.9"), each -> each.slowest() / 1000);
    }

    /** Adds one metric to the findings. */
    void report(
            final Findings findings,
            final String benchmark,
            final Metric metric,
            final ToDoubleFunction<EchoCost> value) {
        final EchoKind reference = has(EchoKind.NETTY_URING) ? EchoKind.NETTY_URING : EchoKind.C;
        for (final EchoKind kind : costs.keySet()) {
            if (kind == EchoKind.C && metric.equals(Metric.HEAP)) {
                continue; // it has none
            }
            final Figure figure = figure(benchmark, kind, metric, value);
            findings.add(
                    kind != reference && has(reference)
                            ? figure.over(figure(benchmark, reference, metric, value))
                            : figure);
        }
    }

    private Figure figure(
            final String benchmark, final EchoKind kind, final Metric metric, final ToDoubleFunction<EchoCost> value) {
        final List<Double> values =
                costs(kind).stream().mapToDouble(value).boxed().toList();
        return Figure.alone(benchmark, kind.title(), kind.isOurs(), metric, values);
    }

    /** What a server counted itself, or else what was counted from outside. */
    private void reportCalls(final Findings findings, final String benchmark) {
        for (final EchoKind kind : costs.keySet()) {
            final Figure own = figure(benchmark, kind, Metric.CALLS, EchoCost::systemCalls);
            final Double outside = traced.get(kind);
            findings.add(
                    outside == null
                            ? own
                            : Figure.alone(benchmark, kind.title(), kind.isOurs(), Metric.CALLS, List.of(outside)));
        }
    }

    private String ratioText(final EchoKind kind, final EchoKind base) {
        return has(base) ? text("%.2f", ratio(kind, base, EchoCost::cpuNanos)) : "-";
    }

    private String calls(final EchoKind kind) {
        final double own = median(kind, EchoCost::systemCalls);
        if (!Double.isNaN(own)) {
            return text("%.3f", own);
        }
        final Double outside = traced.get(kind);
        return outside == null ? "-" : text(CallTrace.isExact() ? "%.3f" : "~%.2f", outside);
    }

    private static String text(final String format, final double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
