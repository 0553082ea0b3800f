package dev.ringflow.benchmarks.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one run of a benchmark found.
 *
 * @param name of the run: file, echo, all
 * @param command what was typed, so that it can be typed again
 * @param time when it began, as ISO 8601 in UTC
 * @param machine facts that a reader needs to judge the figures, by name
 * @param figures all that was measured, in the order of the tables
 * @param curves latencies, where they were measured under a fixed load
 * @param absent who is missing, and why
 */
public record Report(
        String name,
        String command,
        String time,
        Map<String, String> machine,
        List<Figure> figures,
        List<Curve> curves,
        List<Absence> absent) {
    /** Copies the collections. */
    public Report {
        machine = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(machine));
        figures = List.copyOf(figures);
        curves = List.copyOf(curves);
        absent = List.copyOf(absent);
    }

    /**
     * Several runs as one. What is said of the machine is the first one's.
     *
     * @param name of the whole
     * @param command what was typed for the whole
     * @param parts at least one
     * @return the whole
     */
    public static Report merge(final String name, final String command, final List<Report> parts) {
        return new Report(
                name,
                command,
                parts.get(0).time(),
                parts.get(0).machine(),
                parts.stream().map(Report::figures).flatMap(Collection::stream).toList(),
                parts.stream().map(Report::curves).flatMap(Collection::stream).toList(),
                parts.stream().map(Report::absent).flatMap(Collection::stream).toList());
    }

    /** The names of the benchmarks that something was measured of, or somebody is absent from. */
    public List<String> benchmarks() {
        final List<String> names = new ArrayList<>();
        figures.forEach(each -> addOnce(names, each.benchmark()));
        absent.forEach(each -> addOnce(names, each.benchmark()));
        return names;
    }

    private static void addOnce(final List<String> names, final String name) {
        if (!names.contains(name)) {
            names.add(name);
        }
    }
}
