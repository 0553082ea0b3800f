package dev.ringflow.benchmarks;

import dev.ringflow.benchmarks.report.RegressionCheck;
import dev.ringflow.benchmarks.report.Report;
import dev.ringflow.benchmarks.report.ReportFile;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code ringflow bench}: runs one comparison or all of them, or compares two reports.
 *
 * <p>{@code NAME [--quick] [--json FILE] [--html FILE] [--OPTION=VALUE...]} runs one, with options of its own. {@code all}
 * runs each in a process of its own, and makes one report of theirs. {@code compare OLD.json NEW.json [--tolerance 5%]}
 * ends with 1 if anything of RingFlow's became worse; see {@link RegressionCheck}.
 */
public final class Bench {
    private static final String DEFAULT_TOLERANCE = "5%";
    private static final int WRONG_USAGE = 2;
    /** Options that take their value as the next word, too. */
    private static final Set<String> WITH_VALUE = Set.of("--json", "--html", "--tolerance");

    private static final Map<String, String> COMPARISONS = new LinkedHashMap<>();

    static {
        COMPARISONS.put("raw", "RawNopComparison");
        COMPARISONS.put("alloc", "OperationCost");
        COMPARISONS.put("files", "FileComparison");
        COMPARISONS.put("copy", "CopyComparison");
        COMPARISONS.put("depth", "DepthComparison");
        COMPARISONS.put("echo", "EchoComparison");
        COMPARISONS.put("accept", "AcceptComparison");
        COMPARISONS.put("idle", "IdleComparison");
        COMPARISONS.put("zerocopy", "ZeroCopyComparison");
    }

    private Bench() {}

    /**
     * Runs what is asked for.
     *
     * @param args see the class
     * @throws Exception if a comparison fails
     */
    public static void main(final String[] args) throws Exception {
        final List<String> words = joined(args);
        try {
            if (words.isEmpty() || words.get(0).startsWith("--")) {
                throw new IllegalArgumentException("no comparison is named");
            }
            final String name = words.get(0);
            final List<String> options = words.subList(1, words.size());
            switch (name) {
                case "compare" -> System.exit(compare(options, System.out));
                case "all" -> System.exit(all(options, System.out));
                default -> one(name.equals("file") ? "files" : name, options);
            }
        } catch (final Arguments.HelpAsked asked) {
            System.out.println(asked.getMessage());
        } catch (final IllegalArgumentException e) {
            System.err.println("ringflow bench: " + e.getMessage());
            System.exit(WRONG_USAGE);
        }
    }

    /** The words of a command line, with {@code --json FILE} as {@code --json=FILE}. */
    static List<String> joined(final String... args) {
        final List<String> words = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (!WITH_VALUE.contains(args[i])) {
                words.add(args[i]);
            } else if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value");
            } else {
                words.add(args[i] + "=" + args[++i]);
            }
        }
        return words;
    }

    private static String className(final String name) {
        final String found = COMPARISONS.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    name + " is none of " + String.join(", ", COMPARISONS.keySet()) + ", all, compare");
        }
        return Bench.class.getPackageName() + "." + found;
    }

    private static void one(final String name, final List<String> options) throws Exception {
        try {
            Class.forName(className(name)).getMethod("main", String[].class).invoke(null, (Object)
                    options.toArray(String[]::new));
        } catch (final InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** All of them; one that fails does not keep the others from running, but the result is 1 then. */
    private static int all(final List<String> options, final PrintStream out) throws Exception {
        final Arguments arguments =
                new Arguments("./ringflow bench all", Set.of("only", "directory"), options.toArray(String[]::new));
        final List<Report> reports = new ArrayList<>();
        final List<String> failed = new ArrayList<>();
        for (final String name : arguments.list("only", String.join(",", COMPARISONS.keySet()))) {
            final Report report = run(name, arguments, out);
            if (report == null) {
                failed.add(name);
            } else {
                reports.add(report);
            }
        }
        if (!reports.isEmpty()) {
            Findings.write(Report.merge("all", arguments.command(), reports), arguments, out);
        }
        failed.forEach(each -> out.println("bench " + each + " FAILED"));
        return failed.isEmpty() ? 0 : 1;
    }

    private static @Nullable Report run(final String name, final Arguments arguments, final PrintStream out)
            throws IOException, InterruptedException {
        final Path json = Surroundings.reports().resolve(name + ".json");
        Files.deleteIfExists(json);
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), className(name)));
        command.addAll(
                List.of("--json=" + json, "--html=" + Surroundings.reports().resolve(name + ".html")));
        if (arguments.isQuick()) {
            command.add("--quick");
        }
        if (!arguments.text("directory", "").isEmpty()) {
            command.add("--directory=" + arguments.text("directory", ""));
        }
        out.println("\n=== " + name + " ===");
        final long start = System.nanoTime();
        final int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        out.printf("=== %s: %d s%n", name, (System.nanoTime() - start) / 1_000_000_000L);
        return code == 0 && Files.exists(json) ? ReportFile.read(json) : null;
    }

    /** Compares two reports; the result is 1 if anything became worse. */
    static int compare(final List<String> options, final PrintStream out) throws IOException {
        final List<String> files =
                options.stream().filter(each -> !each.startsWith("--")).toList();
        final Arguments arguments = new Arguments(
                "./ringflow bench compare",
                Set.of("tolerance"),
                options.stream().filter(each -> each.startsWith("--")).toArray(String[]::new));
        if (files.size() != 2) {
            throw new IllegalArgumentException("compare needs two files: OLD.json NEW.json [--tolerance 5%]");
        }
        final double tolerance = RegressionCheck.tolerance(arguments.text("tolerance", DEFAULT_TOLERANCE));
        final List<RegressionCheck.Line> lines = new RegressionCheck(tolerance)
                .compare(ReportFile.read(Path.of(files.get(0))), ReportFile.read(Path.of(files.get(1))));
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("the two reports have no figure in common that can be compared");
        }
        lines.forEach(out::println);
        final long regressions =
                lines.stream().filter(RegressionCheck.Line::isRegression).count();
        out.printf("%d figures compared, %d became worse%n", lines.size(), regressions);
        return regressions == 0 ? 0 : 1;
    }
}
