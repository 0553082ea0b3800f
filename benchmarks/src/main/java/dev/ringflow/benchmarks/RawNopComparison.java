package dev.ringflow.benchmarks;

import dev.ringflow.benchmarks.report.Better;
import dev.ringflow.benchmarks.report.Figure;
import dev.ringflow.benchmarks.report.Metric;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The raw ring against a C program on liburing: NOPs with the same flags (SINGLE_ISSUER, DEFER_TASKRUN), in batches of 32
 * and of 1. Both are warmed up, then measured in turns, so that what else the machine does hits both alike. Times are the
 * processor's, of the one thread that each side has: such a loop never sleeps, and on a busy machine the clock on the wall
 * would mostly measure the neighbours. A share of 1.00 means as fast as C.
 *
 * <p>A second table shows what a submission thread of the kernel (SQPOLL) saves: system calls for each NOP, with and
 * without it.
 *
 * <p>Arguments, all optional: {@code --rounds=11 --millis=300 --directory=target --check --quick}. With {@code --check}
 * the exit code is 1 when a target is missed.
 */
public final class RawNopComparison {
    private static final int WARM_UP_ROUNDS = 4;
    private static final String OURS = "raw ring (Uring)";

    private final int rounds;
    private final int millis;
    private final Arguments arguments;
    private final Findings findings;

    private RawNopComparison(final Arguments arguments) throws IOException {
        this.arguments = arguments;
        rounds = arguments.number("rounds", 11, 3);
        millis = arguments.number("millis", 300, 100);
        findings = new Findings("raw", arguments);
    }

    /**
     * Runs the comparison.
     *
     * @param args see the class
     * @throws IOException if the C side cannot be had, or the ring
     */
    public static void main(final String[] args) throws IOException {
        final Set<String> known = Set.of("rounds", "millis", "directory", "check");
        final Arguments arguments = new Arguments("./ringflow bench raw", known, args);
        System.exit(new RawNopComparison(arguments).run(System.out) ? 0 : 1);
    }

    /** One line of the result. */
    private record Line(
            int batch,
            double target,
            Samples c,
            Samples java,
            Samples share,
            Samples wallShare,
            double bytesPerOperation) {
        boolean isReached() {
            return share.median() >= target && bytesPerOperation == 0;
        }
    }

    private boolean run(final PrintStream console) throws IOException {
        final Path directory = arguments.directory();
        final List<Line> lines = new ArrayList<>();
        try (NopPeer c = NopPeer.start(directory);
                NopRounds java = new NopRounds()) {
            lines.add(compare(c, java, 32, 0.95));
            lines.add(compare(c, java, 1, 0.80));
            if (java.failures() != 0) {
                throw new IllegalStateException(java.failures() + " completions are wrong");
            }
        }
        print(console, lines);
        SubmissionThreadRounds.compare(console, findings, rounds, millis);
        findings.write(console);
        return !arguments.isSet("check") || lines.stream().allMatch(Line::isReached);
    }

    private Line compare(final NopPeer c, final NopRounds java, final int batch, final double target)
            throws IOException {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            c.measure(batch, millis);
            java.measure(batch, millis);
        }
        java.resetCounters();
        final List<NopCost> costsOfC = new ArrayList<>();
        final List<NopCost> costsOfJava = new ArrayList<>();
        final Samples ofC = new Samples(rounds);
        final Samples ofJava = new Samples(rounds);
        final Samples shares = new Samples(rounds);
        final Samples wallShares = new Samples(rounds);
        for (int round = 0; round < rounds; round++) {
            final boolean cFirst = round % 2 == 0;
            final NopCost first = cFirst ? c.measure(batch, millis) : java.measure(batch, millis);
            final NopCost second = cFirst ? java.measure(batch, millis) : c.measure(batch, millis);
            final NopCost costOfC = cFirst ? first : second;
            final NopCost costOfJava = cFirst ? second : first;
            costsOfC.add(costOfC);
            costsOfJava.add(costOfJava);
            ofC.add(costOfC.cpuNanos());
            ofJava.add(costOfJava.cpuNanos());
            shares.add(costOfC.cpuNanos() / costOfJava.cpuNanos());
            wallShares.add(costOfC.wallNanos() / costOfJava.wallNanos());
        }
        final double bytes = (double) java.allocatedBytes() / java.operations();
        report(batch, costsOfC, costsOfJava, bytes);
        return new Line(batch, target, ofC, ofJava, shares, wallShares, bytes);
    }

    private void report(
            final int batch, final List<NopCost> ofC, final List<NopCost> ofJava, final double bytesPerOperation) {
        final String benchmark = "raw, no-ops in batches of " + batch;
        report(benchmark, "CPU time", NopCost::cpuNanos, ofC, ofJava);
        report(benchmark, "time", NopCost::wallNanos, ofC, ofJava);
        findings.add(Figure.alone(benchmark, OURS, true, Metric.HEAP, List.of(bytesPerOperation)));
    }

    private void report(
            final String benchmark,
            final String name,
            final ToDoubleFunction<NopCost> value,
            final List<NopCost> ofC,
            final List<NopCost> ofJava) {
        final Metric metric = Metric.timed(name, "ns/no-op", Better.LOWER);
        final Figure c = Figure.alone(benchmark, "C, liburing", false, metric, values(ofC, value));
        findings.add(c);
        findings.add(Figure.alone(benchmark, OURS, true, metric, values(ofJava, value))
                .over(c));
    }

    private static List<Double> values(final List<NopCost> costs, final ToDoubleFunction<NopCost> value) {
        return costs.stream().mapToDouble(value).boxed().toList();
    }

    private void print(final PrintStream console, final List<Line> lines) {
        console.printf(
                Locale.ROOT,
                "Raw NOPs, SINGLE_ISSUER|DEFER_TASKRUN, %d rounds of %d ms in turns, Java %s, Linux %s%n%n",
                rounds,
                millis,
                System.getProperty("java.version"),
                System.getProperty("os.version"));
        console.println(
                "batch   C ns/op  spread   Java ns/op  spread   share of C  target            by wall clock  heap bytes/op");
        for (final Line line : lines) {
            console.printf(
                    Locale.ROOT,
                    "%5d %9.1f %6.1f%% %12.1f %6.1f%% %12.3f  %.2f %-12s %13.3f %14s%n",
                    line.batch,
                    line.c.median(),
                    100 * line.c.spread(),
                    line.java.median(),
                    100 * line.java.spread(),
                    line.share.median(),
                    line.target,
                    line.share.median() >= line.target ? "reached" : "not reached",
                    line.wallShare.median(),
                    bytes(line.bytesPerOperation));
        }
        console.println();
        console.println("Medians. Spread: distance of the quartiles. Share: C's time over Java's, round by round.");
    }

    private static String bytes(final double value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.6f", value);
    }
}
