package dev.ringflow.benchmarks;

import dev.ringflow.QueueDepth;
import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import dev.ringflow.WaitMode;
import dev.ringflow.benchmarks.report.Figure;
import dev.ringflow.benchmarks.report.Metric;
import dev.ringflow.benchmarks.report.Spread;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the options of a ring do to random reads of 4 KiB past the page cache: how many are in flight, and how the ring
 * waits for them.
 *
 * <p>Arguments, all optional: {@code --size=1g --rounds=7 --millis=1000 --only=depth,modes,single --directory=target --quick}.
 */
public final class DepthComparison {
    private static final int WARM_UPS = 1;
    private static final int DEPTH_OF_MODES = 32;
    /** How long a submission thread looks before it sleeps. */
    private static final Duration IDLE = Duration.ofMillis(50);

    private final Arguments arguments;
    private final PrintStream out;
    private final Findings findings;

    private DepthComparison(final Arguments arguments, final PrintStream out) throws IOException {
        this.arguments = arguments;
        this.out = out;
        findings = new Findings("depth", arguments);
    }

    /**
     * Runs the comparison.
     *
     * @param args see the class
     * @throws Exception if a side fails
     */
    public static void main(final String[] args) throws Exception {
        final Set<String> known = Set.of("size", "rounds", "millis", "only", "directory");
        new DepthComparison(new Arguments("./ringflow bench depth", known, args), System.out).run();
    }

    private void run() throws Exception {
        final Path directory = arguments.directory();
        final List<String> only = arguments.list("only", "depth,modes,single");
        try (TestFile file = TestFile.write(directory, arguments.size("size", arguments.isQuick() ? "256m" : "1g"))) {
            out.println(arguments.command());
            out.printf(
                    "Random reads of 4 KiB past the page cache, RingFile with callbacks. %s; a file of %d MiB; medians of %d"
                            + " rounds of %d ms in turns; load %s%n",
                    Surroundings.line(directory), file.size() >> 20, rounds(), millis(), Surroundings.load());
            if (only.contains("depth")) {
                depths(file);
            }
            if (only.contains("modes")) {
                modes(new ReadPlan(file.path(), file.size(), DEPTH_OF_MODES, true, false));
            }
            if (only.contains("single")) {
                modes(new ReadPlan(file.path(), file.size(), 1, true, false));
            }
        }
        out.printf("%nload at the end: %s%n", Surroundings.load());
        findings.write(out);
    }

    private int rounds() {
        return arguments.number("rounds", 7, 3);
    }

    private int millis() {
        return arguments.number("millis", 1000, 250);
    }

    private void depths(final TestFile file) throws Exception {
        out.printf("%nAs many in flight as the submission queue has entries%n");
        final FileRounds table = new FileRounds();
        FileSide smallest = null;
        for (final QueueDepth each : QueueDepth.values()) {
            final ReadPlan plan = new ReadPlan(file.path(), file.size(), each.entries(), true, false);
            final FileSide side = RingFileReads.timed(
                    each + " (" + each.entries() + ")",
                    plan,
                    Ring.open(options().depth(each).build()));
            table.add(side, smallest, 0);
            smallest = smallest == null ? side : smallest;
        }
        measure(table, "depth, by the queue's size");
    }

    private void modes(final ReadPlan plan) throws Exception {
        out.printf("%n%d in flight, by the way of waiting%n", plan.depth());
        final FileRounds table = new FileRounds();
        final Mode sleeping = add(table, WaitMode.INTERRUPT.toString(), plan, options(), null);
        for (final WaitMode each : WaitMode.values()) {
            if (each != WaitMode.INTERRUPT) {
                add(table, each.toString(), plan, options().waiting(each), sleeping);
            }
        }
        final Mode submitting =
                add(table, "submission thread (SQPOLL)", plan, options().submissionThread(IDLE), sleeping);
        final Mode looking = add(
                table,
                "submission thread, and BUSY_POLL",
                plan,
                options().submissionThread(IDLE).waiting(WaitMode.BUSY_POLL),
                sleeping);
        final Mode polling =
                add(table, "polled completions (IOPOLL)", plan, options().polledCompletions(true), sleeping);
        final String benchmark = "depth, by the way of waiting, " + plan.depth() + " in flight";
        measure(table, benchmark);
        for (final Mode each : List.of(submitting, looking)) {
            final List<Double> saved = table.savedCalls(each.side, sleeping.side);
            out.printf(
                    Locale.ROOT,
                    "System calls saved by %s: %.1f %%%n",
                    each.side.name(),
                    Spread.of(saved).median());
            findings.add(Figure.alone(benchmark, each.side.name(), true, Metric.CALLS_SAVED, saved));
        }
        printDetail(submitting.ring, "submission thread");
        printDetail(polling.ring, "polled completions");
    }

    private void printDetail(final Ring ring, final String name) {
        out.println("What the ring says of its " + name + ": "
                + ring.capabilities().details().getOrDefault(name, "nothing"));
    }

    private static RingOptions.Builder options() {
        return RingOptions.builder().driver("uring");
    }

    private record Mode(Ring ring, FileSide side) {}

    private static Mode add(
            final FileRounds table,
            final String name,
            final ReadPlan plan,
            final RingOptions.Builder options,
            final @Nullable Mode base) {
        final Ring ring = Ring.open(options.build());
        final FileSide side = RingFileReads.timed(name, plan, ring);
        return new Mode(ring, table.add(side, base == null ? null : base.side, 0));
    }

    private void measure(final FileRounds table, final String benchmark) throws Exception {
        try {
            table.run(WARM_UPS, rounds(), millis());
            table.printLatencies(out);
            table.report(findings, benchmark);
        } finally {
            table.close();
        }
    }
}
