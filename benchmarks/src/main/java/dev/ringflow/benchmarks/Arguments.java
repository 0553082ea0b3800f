package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line of a benchmark: {@code --name=value}, and nothing that the benchmark does not know. All benchmarks know
 * {@code --quick}, for few and short rounds, and {@code --json=FILE} and {@code --html=FILE} for the reports.
 */
final class Arguments {
    private static final Set<String> COMMON = Set.of("quick", "json", "html");

    private final String command;
    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * Reads a command line.
     *
     * @param command what was typed before it, for the report
     * @param known the names that the benchmark takes
     * @param arguments what was typed
     * @throws IllegalArgumentException for anything else
     */
    Arguments(final String command, final Set<String> known, final String... arguments) {
        this.command = (command + " " + String.join(" ", arguments)).trim();
        for (final String argument : arguments) {
            if (argument.equals("--help")) {
                throw new HelpAsked(command + " takes " + names(known));
            }
            final int end = argument.indexOf('=');
            final String name = end < 0 ? argument : argument.substring(0, end);
            if (!name.startsWith("--") || !known.contains(name.substring(2)) && !COMMON.contains(name.substring(2))) {
                throw new IllegalArgumentException(argument + " is none of " + names(known));
            }
            values.put(name.substring(2), end < 0 ? "true" : argument.substring(end + 1));
        }
    }

    private static String names(final Set<String> known) {
        return Stream.concat(known.stream(), COMMON.stream())
                .sorted()
                .map(each -> "--" + each)
                .collect(Collectors.joining(", "));
    }

    /** What is thrown for {@code --help}: the message names all options. */
    static final class HelpAsked extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        private HelpAsked(final String message) {
            super(message);
        }
    }

    /** The whole command, as it can be typed again. */
    String command() {
        return command;
    }

    String text(final String name, final String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    boolean isSet(final String name) {
        return Boolean.parseBoolean(text(name, "false"));
    }

    int number(final String name, final int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }

    /** Where the benchmark may put files; made if it is not there. */
    Path directory() throws IOException {
        return Files.createDirectories(
                Path.of(text("directory", Surroundings.defaultDirectory().toString())));
    }

    /** Whether few and short rounds are enough. */
    boolean isQuick() {
        return isSet("quick");
    }

    /** A number whose default is another one when it is to go quickly. */
    int number(final String name, final int otherwise, final int quick) {
        return number(name, isQuick() ? quick : otherwise);
    }

    /** Bytes: digits, and k, m or g for the powers of 1024. */
    long size(final String name, final String otherwise) {
        final String text = text(name, otherwise).toLowerCase(java.util.Locale.ROOT);
        final int unit = "kmg".indexOf(text.charAt(text.length() - 1)) + 1;
        return Long.parseLong(unit == 0 ? text : text.substring(0, text.length() - 1)) << 10 * unit;
    }

    /** Words between commas. */
    List<String> list(final String name, final String otherwise) {
        return List.of(text(name, otherwise).split(",", -1));
    }
}
