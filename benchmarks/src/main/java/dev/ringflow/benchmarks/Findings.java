package dev.ringflow.benchmarks;

import dev.ringflow.benchmarks.report.Absence;
import dev.ringflow.benchmarks.report.Curve;
import dev.ringflow.benchmarks.report.Figure;
import dev.ringflow.benchmarks.report.HtmlReport;
import dev.ringflow.benchmarks.report.Report;
import dev.ringflow.benchmarks.report.ReportFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a comparison finds, until it is written: as JSON and as HTML, to {@code target/bench/NAME.json} and
 * {@code NAME.html} unless the command line says otherwise; {@code none} writes nothing.
 */
final class Findings {
    private final String name;
    private final Arguments arguments;
    private final String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    private final Map<String, String> machine;
    private final List<Figure> figures = new ArrayList<>();
    private final List<Curve> curves = new ArrayList<>();
    private final List<Absence> absent = new ArrayList<>();

    /**
     * Begins.
     *
     * @param name of the comparison, and of its files
     * @param arguments its command line
     * @throws IOException if there is no directory to work in
     */
    Findings(final String name, final Arguments arguments) throws IOException {
        this.name = name;
        this.arguments = arguments;
        machine = Surroundings.facts(arguments.directory());
    }

    /** Adds something that a reader has to know. */
    void fact(final String fact, final String value) {
        machine.put(fact, value);
    }

    /** Adds a figure, unless nobody knows a value of it. */
    void add(final Figure figure) {
        if (!Double.isNaN(figure.spread().median())) {
            figures.add(figure);
        }
    }

    void add(final Curve curve) {
        curves.add(curve);
    }

    void absent(final String benchmark, final String subject, final String reason) {
        absent.add(new Absence(benchmark, subject, reason));
    }

    Report report() {
        machine.put("load at the end", Surroundings.load());
        return new Report(name, arguments.command(), time, machine, figures, curves, absent);
    }

    /** Writes both files, and says where they are. */
    void write(final PrintStream out) throws IOException {
        write(report(), arguments, out);
    }

    static void write(final Report report, final Arguments arguments, final PrintStream out) throws IOException {
        final Path folder = Surroundings.reports();
        final String json =
                arguments.text("json", folder.resolve(report.name() + ".json").toString());
        final String html =
                arguments.text("html", folder.resolve(report.name() + ".html").toString());
        if (!json.equals("none")) {
            ReportFile.write(report, Path.of(json));
            out.println("Figures: " + json);
        }
        if (!html.equals("none")) {
            HtmlReport.write(report, Path.of(html));
            out.println("Report: " + html);
        }
    }
}
