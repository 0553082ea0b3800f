import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * What ./ringflow kernels found: prints it as a table, writes report.md beside the results, and, if a page of the
 * documentation is named, the page's tables. Exits with 1 if anything failed. After {@code --failed}, prints only the
 * classes of one suite in which a test failed.
 */
final class KernelReport {
    private static final String BEGIN = "<!-- written by ./ringflow kernels --update-docs: begin -->";
    private static final String END = "<!-- end of what is written by ./ringflow kernels -->";

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("--failed")) {
            Suite.read(Path.of(arguments[1])).failures.stream()
                    .map(Failure::className)
                    .distinct()
                    .forEach(System.out::println);
            return;
        }
        Path results = Path.of(arguments[0]);
        List<Kernel> kernels = read(results);
        List<Kernel> ordinary = kernels.stream().filter(each -> !each.switchedOff).toList();
        print(kernels);
        Files.writeString(results.resolve("report.md"), report(kernels, ordinary));
        System.out.println("Features, and skipped tests with their reasons: " + results.resolve("report.md"));
        boolean failed = kernels.isEmpty() || kernels.stream().anyMatch(Kernel::failed);
        if (arguments.length > 1) {
            Path page = Path.of(arguments[1]);
            Files.writeString(page, replaced(Files.readString(page), tables(kernels, ordinary)));
            System.out.println("Updated " + page);
        }
        System.exit(failed ? 1 : 0);
    }

    // What was found.

    record Skip(String test, String reason) {}

    record Failure(String className, String test, String why) {
        @Override
        public String toString() {
            return test + why;
        }
    }

    /** The tests of one module under one kernel. */
    static final class Suite {
        final List<Skip> skips = new ArrayList<>();
        final List<Failure> failures = new ArrayList<>();
        final List<Failure> unsteady = new ArrayList<>();
        int tests;
        long seconds;
        String trouble = "";
        List<String> unended = List.of();

        static Suite read(Path folder) throws Exception {
            Suite suite = new Suite();
            if (!Files.exists(folder)) {
                suite.trouble = "not run";
                return suite;
            }
            Properties outcome = properties(folder.resolve("outcome"));
            suite.seconds = Long.parseLong(outcome.getProperty("seconds", "0"));
            int code = Integer.parseInt(outcome.getProperty("code", "-1"));
            try (DirectoryStream<Path> reports = files(folder, "TEST-*.xml")) {
                for (Path each : reports) {
                    suite.add(each);
                }
            }
            suite.compare(folder.resolve("again"));
            if (suite.failures.isEmpty() && suite.unsteady.isEmpty() && (code != 0 || suite.tests == 0)) {
                suite.trouble = code == -1 || code >= 124 ? "did not end" : "ended with code " + code;
                suite.unended = unended(folder.resolve("log"));
            }
            return suite;
        }

        /** What failed once, in a class that passed when it was run again. */
        private void compare(Path repetition) throws Exception {
            if (Files.exists(repetition)) {
                Suite again = read(repetition);
                if (again.trouble.isEmpty()) {
                    failures.stream()
                            .filter(each -> again.failures.stream()
                                    .noneMatch(failed -> failed.className.equals(each.className)))
                            .forEach(unsteady::add);
                    failures.removeAll(unsteady);
                }
            }
        }

        private void add(Path report) throws Exception {
            NodeList cases = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                Element test = (Element) cases.item(i);
                String className = test.getAttribute("classname");
                String name = className.substring(className.lastIndexOf('.') + 1) + "." + test.getAttribute("name");
                tests++;
                Node failure = child(test, "failure") == null ? child(test, "error") : child(test, "failure");
                if (failure != null) {
                    failures.add(new Failure(className, name, why(failure.getTextContent())));
                } else if (child(test, "skipped") != null) {
                    skips.add(new Skip(name, reason(child(test, "skipped").getTextContent())));
                }
            }
        }

        /** The lines of a stack trace that say what happened, each cut to a readable length. */
        private static String why(String trace) {
            StringBuilder why = new StringBuilder();
            trace.lines()
                    .filter(line -> !line.isBlank() && !line.strip().matches("at .*|\\.\\.\\. .*"))
                    .limit(8)
                    .forEach(line -> why.append("\n    ").append(line, 0, Math.min(line.length(), 400)));
            return why.toString();
        }

        /** Tests that began and never ended, by JUnit's feed. */
        private static List<String> unended(Path log) throws IOException {
            Set<String> running = new LinkedHashSet<>();
            if (Files.exists(log)) {
                for (String line : Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList()) {
                    int mark = line.lastIndexOf(" :: ");
                    if (mark > 0 && line.endsWith(":: STARTED")) {
                        running.add(line.substring(0, mark));
                    } else if (mark > 0) {
                        running.remove(line.substring(0, mark));
                    }
                }
            }
            return List.copyOf(running);
        }

        private static Node child(Element test, String name) {
            return test.getElementsByTagName(name).item(0);
        }

        /** The first line of the stack trace of a failed assumption, or what an annotation gave. */
        private static String reason(String text) {
            String first = text.strip().lines().findFirst().orElse("no reason given");
            return first.replaceFirst("^org\\.opentest4j\\.TestAbortedException: ", "")
                    .replaceFirst("^Assumption failed: ", "")
                    .replaceFirst("^(public|void|private) .* is @Disabled$", "disabled")
                    .strip();
        }

        boolean failed() {
            return !failures.isEmpty() || !trouble.isEmpty();
        }

        String counts() {
            List<String> parts = new ArrayList<>();
            if (!trouble.isEmpty()) {
                return trouble.equals("not run") ? trouble : "FAILED: " + trouble;
            }
            if (!failures.isEmpty()) {
                parts.add(failures.size() + " FAILED");
            }
            parts.add((tests - failures.size() - unsteady.size() - skips.size()) + " passed");
            if (!unsteady.isEmpty()) {
                parts.add(unsteady.size() + " unsteady");
            }
            if (!skips.isEmpty()) {
                parts.add(skips.size() + " skipped");
            }
            return String.join(", ", parts);
        }
    }

    /** One boot. */
    static final class Kernel {
        final String asked;
        final boolean switchedOff;
        final Properties facts;
        final Map<String, Suite> suites = new TreeMap<>();
        final long seconds;
        final int code;

        Kernel(Path folder) throws Exception {
            asked = Files.readString(folder.resolve("kernel")).strip();
            switchedOff = Files.exists(folder.resolve("switched-off"));
            facts = properties(folder.resolve("facts"));
            Properties outcome = properties(folder.resolve("outcome"));
            seconds = Long.parseLong(outcome.getProperty("seconds", "0"));
            code = Integer.parseInt(outcome.getProperty("code", "-1"));
            suites.put("driver", Suite.read(folder.resolve("driver")));
            if (!switchedOff) {
                suites.put("raw", Suite.read(folder.resolve("raw")));
            }
        }

        /** Such as 6.12.101, without what distributors add; Debian's stock kernels tell it in another place. */
        String release() {
            Matcher debian = Pattern.compile("Debian ([0-9]+(\\.[0-9]+)+)").matcher(facts.getProperty("version", ""));
            if (debian.find()) {
                return debian.group(1);
            }
            return facts.getProperty("release", "not started").replaceFirst("^([0-9]+(\\.[0-9]+)*).*", "$1");
        }

        String title() {
            return switchedOff ? release() + ", switched off" : release();
        }

        String origin() {
            return asked.equals("here") ? "the machine itself" : "`" + asked + "`";
        }

        List<String> words(String fact) {
            String value = facts.getProperty(fact, "").strip();
            return value.isEmpty() ? List.of() : List.of(value.split(" "));
        }

        String count(String fact) {
            return facts.containsKey(fact) ? String.valueOf(words(fact).size()) : "none";
        }

        String counts(String suite) {
            return suites.containsKey(suite) ? suites.get(suite).counts() : "";
        }

        boolean failed() {
            return code != 0 || suites.values().stream().anyMatch(Suite::failed);
        }
    }

    private static List<Kernel> read(Path results) throws Exception {
        List<Kernel> found = new ArrayList<>();
        try (DirectoryStream<Path> all = files(results, "*")) {
            for (Path each : all) {
                if (Files.exists(each.resolve("kernel"))) {
                    found.add(new Kernel(each));
                }
            }
        }
        found.sort(Comparator.comparing((Kernel each) -> each.switchedOff)
                .thenComparing(each -> numbers(each.release()), Arrays::compare)
                .thenComparing(each -> each.asked));
        return found;
    }

    private static int[] numbers(String release) {
        return Arrays.stream(release.split("\\."))
                .filter(each -> each.matches("[0-9]+"))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static DirectoryStream<Path> files(Path folder, String pattern) throws IOException {
        return Files.newDirectoryStream(Files.createDirectories(folder), pattern);
    }

    private static Properties properties(Path file) throws IOException {
        Properties found = new Properties();
        if (Files.exists(file)) {
            try (var reader = Files.newBufferedReader(file)) {
                found.load(reader);
            }
        }
        return found;
    }

    // For people at a terminal.

    private static void print(List<Kernel> kernels) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("KERNEL", "FROM", "FEATURES", "OPCODES", "RAW RING", "DRIVER URING", "SECONDS"));
        for (Kernel each : kernels) {
            rows.add(List.of(
                    each.title(),
                    each.origin().replace("`", ""),
                    each.count("features"),
                    each.count("opcodes"),
                    each.counts("raw"),
                    each.counts("driver"),
                    String.valueOf(each.seconds)));
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = rows.stream().mapToInt(each -> each.get(column).length()).max().orElse(0);
                line.append(String.format("%-" + Math.max(1, width) + "s  ", row.get(i)));
            }
            System.out.println(line.toString().stripTrailing());
        }
        for (Kernel each : kernels) {
            if (each.code != 0) {
                System.out.println("FAILED " + each.title() + " (" + each.asked + "): ended with code " + each.code);
            }
            for (Suite suite : each.suites.values()) {
                suite.unended.forEach(test -> System.out.println("NOT ENDED " + each.title() + ": " + test));
                suite.failures.forEach(test -> System.out.println("FAILED " + each.title() + ": " + test));
                suite.unsteady.forEach(test -> System.out.println("UNSTEADY " + each.title() + ": " + test));
            }
        }
    }

    // Markdown.

    private static String report(List<Kernel> kernels, List<Kernel> ordinary) {
        StringBuilder text = new StringBuilder("# Kernels\n\n").append(tables(kernels, ordinary));
        for (Kernel each : kernels) {
            text.append("\n## Skipped on ").append(each.title()).append(" (").append(each.asked).append(")\n\n");
            each.suites.forEach((name, suite) -> suite.skips.stream()
                    .collect(Collectors.groupingBy(Skip::reason, TreeMap::new, Collectors.toList()))
                    .forEach((reason, skips) -> text.append("- ").append(name).append(": ").append(reason).append(": ")
                            .append(skips.stream().map(Skip::test).sorted().collect(Collectors.joining(", ")))
                            .append('\n')));
        }
        return text.toString();
    }

    /** What the documentation shows. */
    private static String tables(List<Kernel> kernels, List<Kernel> ordinary) {
        StringBuilder text = new StringBuilder();
        List<String> head = List.of("Kernel", "From", "Features", "Opcodes", "Raw ring, tests", "Driver `uring`, tests");
        row(text, head);
        rule(text, head.size());
        for (Kernel each : kernels) {
            row(text, List.of(
                    each.release(),
                    each.origin() + (each.switchedOff ? " with `kernel.io_uring_disabled=2`" : ""),
                    each.count("features"),
                    each.count("opcodes"),
                    each.counts("raw"),
                    each.counts("driver")));
        }
        text.append("\n## Features\n\n");
        matrix(text, "IORING_FEAT_", ordinary, "features");
        text.append("\n## Set-up flags\n\n");
        matrix(text, "IORING_SETUP_", ordinary, "setup");
        text.append("\n*Chosen*: what a ring asks for unless told otherwise, and was given.\n");
        text.append("\n## Opcodes that are missing\n\n");
        lists(text, ordinary, List.of("Missing"), List.of("missing"));
        text.append("\n## What the driver does another way\n\n");
        lists(
                text,
                ordinary,
                List.of("With other system calls or more operations", "On a helper thread", "Not at all"),
                List.of("alternative", "helper", "none"));
        text.append("\n## Tests that were skipped, and why\n\n");
        skips(text, ordinary);
        return text.toString();
    }

    /** A row for every word that any kernel has, a column for every kernel. */
    private static void matrix(
            StringBuilder text, String title, List<Kernel> kernels, String fact) {
        Set<String> words = new LinkedHashSet<>();
        kernels.stream()
                .sorted(Comparator.comparingInt((Kernel each) -> -each.words(fact).size()))
                .forEach(each -> words.addAll(each.words(fact)));
        head(text, "`" + title + "`", kernels);
        for (String word : words) {
            List<String> cells = new ArrayList<>(List.of("`" + word + "`"));
            for (Kernel each : kernels) {
                boolean chosen = fact.equals("setup") && each.words("chosen").contains(word);
                cells.add(each.words(fact).contains(word) ? chosen ? "*chosen*" : "yes" : "");
            }
            row(text, cells);
        }
    }

    private static void lists(StringBuilder text, List<Kernel> kernels, List<String> titles, List<String> facts) {
        List<String> head = new ArrayList<>(List.of("Kernel"));
        head.addAll(titles);
        row(text, head);
        rule(text, head.size());
        for (Kernel each : kernels) {
            List<String> cells = new ArrayList<>(List.of(each.release()));
            for (String fact : facts) {
                List<String> words = each.words(fact);
                cells.add(words.isEmpty() ? "none" : "`" + String.join("` `", words) + "`");
            }
            row(text, cells);
        }
    }

    private static void skips(StringBuilder text, List<Kernel> kernels) {
        Map<String, Map<Kernel, Integer>> counts = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Kernel kernel : kernels) {
            kernel.suites.values().stream()
                    .map(suite -> suite.skips)
                    .flatMap(Collection::stream)
                    .forEach(skip -> counts.computeIfAbsent(skip.reason, new_ -> new java.util.HashMap<>())
                            .merge(kernel, 1, Integer::sum));
        }
        head(text, "Reason", kernels);
        counts.forEach((reason, byKernel) -> {
            List<String> cells = new ArrayList<>(List.of(escaped(reason)));
            kernels.forEach(each -> cells.add(byKernel.containsKey(each) ? "" + byKernel.get(each) : ""));
            row(text, cells);
        });
    }

    private static void head(StringBuilder text, String first, List<Kernel> kernels) {
        List<String> cells = new ArrayList<>(List.of(first));
        kernels.forEach(each -> cells.add(each.release()));
        row(text, cells);
        rule(text, cells.size());
    }

    private static void rule(StringBuilder text, int columns) {
        text.append("|---".repeat(columns)).append("|\n");
    }

    private static void row(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("[[", "[ [");
    }

    private static String replaced(String page, String tables) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException("the page lacks the lines " + BEGIN + " and " + END);
        }
        return page.substring(0, begin) + BEGIN + "\n\n" + tables + "\n" + page.substring(end);
    }
}
