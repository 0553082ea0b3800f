package dev.ringflow.benchmarks;

import dev.ringflow.benchmarks.report.Curve;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Echo servers under a load that does not wait for them: all get the same number of requests a second, which each of them
 * can carry, and latency counts from when a request was to be sent. So a server that stands still for a while pays for
 * every request that falls into that while, not for one.
 */
final class FixedLoad {
    private static final String BENCHMARK = "echo, fixed load";
    private static final double[] SHARES = {
        0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 0.9975, 0.999, 0.9995, 0.9999, 0.99999
    };
    private static final long MICRO = 1000;

    private final int rate;
    private final int millis;
    private final int bytes;
    private final Path scratch;
    private final EchoRounds table = new EchoRounds();
    private final Map<EchoKind, Histogram> latencies = new EnumMap<>(EchoKind.class);
    private final Map<EchoKind, Long> lateNanos = new EnumMap<>(EchoKind.class);

    FixedLoad(final int rate, final int millis, final int bytes, final Path directory) {
        this.rate = rate;
        this.millis = millis;
        this.bytes = bytes;
        scratch = directory
                .resolve("latencies-" + ProcessHandle.current().pid() + ".bin")
                .toAbsolutePath();
    }

    /**
     * Half of what the slowest server can do, with two digits that count.
     *
     * @param perSecond what each server did when nothing held it back
     */
    static int rate(final List<Double> perSecond) {
        final double half =
                perSecond.stream().mapToDouble(Double::doubleValue).min().orElseThrow() / 2;
        final double unit = Math.pow(10, Math.floor(Math.log10(Math.max(half, 10))) - 1);
        return (int) Math.max(1, Math.floor(half / unit) * unit);
    }

    /** Has the servers take turns; each one's connections are those of the slot of its place in the list. */
    void measure(final List<EchoProcess> servers, final LoadGenerator clients, final int rounds) throws IOException {
        for (int round = -1; round < rounds; round++) {
            for (int k = 0; k < servers.size(); k++) {
                final int i = Math.floorMod(round + k, servers.size());
                final EchoProcess server = servers.get(i);
                final EchoProcess.Counters before = server.counters();
                final LoadGenerator.Paced paced = clients.pace(i, millis, bytes, rate, scratch);
                if (round >= 0) {
                    add(server.kind(), paced, EchoCost.of(paced.load(), before, server.counters()));
                }
            }
        }
    }

    private void add(final EchoKind kind, final LoadGenerator.Paced paced, final EchoCost cost) {
        table.add(kind, cost);
        latencies
                .computeIfAbsent(kind, absent -> new Histogram(paced.latencies().getNumberOfSignificantValueDigits()))
                .add(paced.latencies());
        lateNanos.merge(kind, paced.lateNanos(), Math::max);
    }

    /** Counts the system calls of all, under the same load. */
    void countCalls(final List<EchoProcess> servers, final LoadGenerator clients, final Path directory)
            throws IOException, InterruptedException {
        for (int i = 0; i < servers.size(); i++) {
            final CallTrace trace = CallTrace.begin(servers.get(i).pid(), directory);
            final LoadGenerator.Load load =
                    clients.pace(i, millis, bytes, rate, scratch).load();
            table.traced(servers.get(i).kind(), (double) trace.end() / load.requests());
        }
    }

    void print(final PrintStream out) {
        out.printf(
                "%nThe same under a fixed load of %d requests a second, which comes whether a server is ready or not; latency"
                        + " from when a request was to be sent%n",
                rate);
        table.print(out);
        out.println("Latency over all rounds, us:");
        latencies.forEach((kind, histogram) -> out.printf(
                Locale.ROOT,
                "%-36s p50 %7d, p99 %7d, p99.9 %7d, worst %7d; the generator was at most %d us late%n",
                kind.title(),
                histogram.getValueAtPercentile(50) / MICRO,
                histogram.getValueAtPercentile(99) / MICRO,
                histogram.getValueAtPercentile(99.9) / MICRO,
                histogram.getMaxValue() / MICRO,
                lateNanos.getOrDefault(kind, 0L) / MICRO));
    }

    void report(final Findings findings) {
        table.report(findings, BENCHMARK);
        latencies.forEach((kind, histogram) -> {
            final List<Curve.Point> points = new ArrayList<>();
            for (final double share : SHARES) {
                if (share == 0 || (1 - share) * histogram.getTotalCount() >= 1) {
                    points.add(new Curve.Point(share, (double) histogram.getValueAtPercentile(100 * share) / MICRO));
                }
            }
            findings.add(new Curve(BENCHMARK, kind.title(), kind.isOurs(), points));
        });
    }
}
