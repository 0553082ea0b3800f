package dev.ringflow.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The raw ring against a C program on liburing: NOPs with the same flags (SINGLE_ISSUER, DEFER_TASKRUN), in batches of 32
 * and of 1. Both are warmed up, then measured in turns, so that what else the machine does hits both alike. Times are the
 * processor's, of the one thread that each side has: such a loop never sleeps, and on a busy machine the clock on the wall
 * would mostly measure the neighbours. A share of 1.00 means as fast as C.
 *
 * <p>Arguments, all optional: {@code --rounds=11 --millis=300 --out=target/raw-nop-comparison.json --check}. With
 * {@code --check} the exit code is 1 when a target is missed.
 */
public final class RawNopComparison {
    private static final int WARM_UP_ROUNDS = 4;

    private final int rounds;
    private final int millis;
    private final Path out;
    private final boolean check;

    private RawNopComparison(final List<String> arguments) {
        rounds = Integer.parseInt(option(arguments, "--rounds=", "11"));
        millis = Integer.parseInt(option(arguments, "--millis=", "300"));
        out = Path.of(option(arguments, "--out=", defaultOut()));
        check = arguments.contains("--check");
    }

    private static String option(final List<String> arguments, final String name, final String otherwise) {
        return arguments.stream()
                .filter(argument -> argument.startsWith(name))
                .map(argument -> argument.substring(name.length()))
                .findFirst()
                .orElse(otherwise);
    }

    private static String defaultOut() {
        final Path module = Path.of("benchmarks");
        final Path target = Files.isDirectory(module) ? module.resolve("target") : Path.of("target");
        return target.resolve("raw-nop-comparison.json").toString();
    }

    /**
     * Runs the comparison.
     *
     * @param arguments see the class
     * @throws IOException if the C side cannot be had, or the ring
     */
    public static void main(final String[] arguments) throws IOException {
        System.exit(new RawNopComparison(List.of(arguments)).run(System.out) ? 0 : 1);
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
        final Path directory = out.toAbsolutePath().getParent();
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
        Files.writeString(out, json(lines));
        console.println("Written to " + out);
        return !check || lines.stream().allMatch(Line::isReached);
    }

    private Line compare(final NopPeer c, final NopRounds java, final int batch, final double target)
            throws IOException {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            c.measure(batch, millis);
            java.measure(batch, millis);
        }
        java.resetCounters();
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
            ofC.add(costOfC.cpuNanos());
            ofJava.add(costOfJava.cpuNanos());
            shares.add(costOfC.cpuNanos() / costOfJava.cpuNanos());
            wallShares.add(costOfC.wallNanos() / costOfJava.wallNanos());
        }
        final double bytes = (double) java.allocatedBytes() / java.operations();
        return new Line(batch, target, ofC, ofJava, shares, wallShares, bytes);
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

    private String json(final List<Line> lines) {
        final StringBuilder text = new StringBuilder("{\n  \"benchmark\": \"raw-nop-comparison\",\n");
        text.append(String.format(
                Locale.ROOT,
                "  \"java\": \"%s\",\n  \"kernel\": \"%s\",\n  \"rounds\": %d,\n  \"millis\": %d,\n  \"results\": [",
                System.getProperty("java.version"),
                System.getProperty("os.version"),
                rounds,
                millis));
        String separator = "\n";
        for (final Line line : lines) {
            text.append(separator)
                    .append(String.format(
                            Locale.ROOT,
                            "    {\"batch\": %d, \"cNanos\": %.2f, \"cSpread\": %.4f, \"javaNanos\": %.2f,"
                                    + " \"javaSpread\": %.4f, \"share\": %.4f, \"wallShare\": %.4f, \"target\": %.2f, \"bytesPerOperation\": %s}",
                            line.batch,
                            line.c.median(),
                            line.c.spread(),
                            line.java.median(),
                            line.java.spread(),
                            line.share.median(),
                            line.wallShare.median(),
                            line.target,
                            bytes(line.bytesPerOperation)));
            separator = ",\n";
        }
        return text.append("\n  ]\n}\n").toString();
    }
}
