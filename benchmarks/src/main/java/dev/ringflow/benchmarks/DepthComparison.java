package dev.ringflow.benchmarks;

import dev.ringflow.QueueDepth;
import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import dev.ringflow.WaitMode;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What the options of a ring do to random reads of 4 KiB past the page cache: how many are in flight, and how the ring
 * waits for them.
 *
 * <p>Arguments, all optional: {@code --size=1g --rounds=7 --millis=1000 --only=depth,modes,single --directory=target}.
 */
public final class DepthComparison {
    private static final int WARM_UPS = 1;
    private static final int DEPTH_OF_MODES = 32;

    private final Arguments arguments;
    private final PrintStream out;

    private DepthComparison(final Arguments arguments, final PrintStream out) {
        this.arguments = arguments;
        this.out = out;
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
        final Path directory = Files.createDirectories(Path.of(
                arguments.text("directory", Surroundings.defaultDirectory().toString())));
        final List<String> only = arguments.list("only", "depth,modes,single");
        try (TestFile file = TestFile.write(directory, arguments.size("size", "1g"))) {
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
    }

    private int rounds() {
        return arguments.number("rounds", 7);
    }

    private int millis() {
        return arguments.number("millis", 1000);
    }

    private void depths(final TestFile file) throws Exception {
        out.printf("%nAs many in flight as the submission queue has entries%n");
        final FileRounds table = new FileRounds();
        for (final QueueDepth each : QueueDepth.values()) {
            final ReadPlan plan = new ReadPlan(file.path(), file.size(), each.entries(), true, false);
            table.add(RingFileReads.timed(
                    each + " (" + each.entries() + ")",
                    plan,
                    Ring.open(options().depth(each).build())));
        }
        measure(table);
    }

    private void modes(final ReadPlan plan) throws Exception {
        out.printf("%n%d in flight, by the way of waiting%n", plan.depth());
        final FileRounds table = new FileRounds();
        for (final WaitMode each : WaitMode.values()) {
            add(table, each.toString(), plan, options().waiting(each));
        }
        final Ring submitting =
                add(table, "submission thread (SQPOLL)", plan, options().submissionThread(Duration.ofMillis(50)));
        final Ring polling =
                add(table, "polled completions (IOPOLL)", plan, options().polledCompletions(true));
        measure(table);
        printDetail(submitting, "submission thread");
        printDetail(polling, "polled completions");
    }

    private void printDetail(final Ring ring, final String name) {
        out.println("What the ring says of its " + name + ": "
                + ring.capabilities().details().getOrDefault(name, "nothing"));
    }

    private static RingOptions.Builder options() {
        return RingOptions.builder().driver("uring");
    }

    private static Ring add(
            final FileRounds table, final String name, final ReadPlan plan, final RingOptions.Builder options) {
        final Ring ring = Ring.open(options.build());
        table.add(RingFileReads.timed(name, plan, ring));
        return ring;
    }

    private void measure(final FileRounds table) throws Exception {
        try {
            table.run(WARM_UPS, rounds(), millis());
            table.printLatencies(out);
        } finally {
            table.close();
        }
    }
}
