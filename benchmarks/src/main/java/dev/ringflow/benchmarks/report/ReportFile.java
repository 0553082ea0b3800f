package dev.ringflow.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A {@link Report} as JSON. Medians and spreads are written for other readers; here they are taken from the rounds. */
public final class ReportFile {
    private static final int FORMAT = 1;

    private ReportFile() {}

    /**
     * Writes a report, and the folders that it is in.
     *
     * @param report what to write
     * @param file where to; overwritten
     * @throws IOException if that fails
     */
    public static void write(final Report report, final Path file) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
        Files.writeString(file, text(report));
    }

    /**
     * Reads a report.
     *
     * @param file that {@link #write} wrote
     * @return the report
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it is something else
     */
    public static Report read(final Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (final IllegalArgumentException | ClassCastException e) {
            throw new IllegalArgumentException(file + " is no report of ringflow bench: " + e.getMessage(), e);
        }
    }

    static String text(final Report report) {
        final Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("format", FORMAT);
        map.put("name", report.name());
        map.put("command", report.command());
        map.put("time", report.time());
        map.put("machine", report.machine());
        map.put("figures", report.figures().stream().map(ReportFile::ofFigure).toList());
        map.put("curves", report.curves().stream().map(ReportFile::ofCurve).toList());
        map.put("absent", report.absent().stream().map(ReportFile::ofAbsence).toList());
        return Json.write(map);
    }

    private static Map<String, @Nullable Object> ofFigure(final Figure figure) {
        final Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("benchmark", figure.benchmark());
        map.put("subject", figure.subject());
        map.put("ours", figure.ours());
        map.put("metric", figure.metric().name());
        map.put("unit", figure.metric().unit());
        map.put("better", figure.metric().better().name().toLowerCase(java.util.Locale.ROOT));
        map.put("counted", figure.metric().counted());
        map.put("floor", figure.metric().floor());
        put(map, figure.rounds(), figure.spread());
        if (figure.reference() != null) {
            final Map<String, @Nullable Object> ratio = new LinkedHashMap<>();
            ratio.put("reference", figure.reference());
            put(ratio, figure.ratios(), figure.ratio());
            map.put("ratio", ratio);
        }
        return map;
    }

    private static void put(final Map<String, @Nullable Object> map, final List<Double> rounds, final Spread spread) {
        map.put("median", spread.median());
        map.put("minimum", spread.minimum());
        map.put("maximum", spread.maximum());
        map.put("mad", spread.deviation());
        map.put("rounds", rounds);
    }

    private static Map<String, @Nullable Object> ofCurve(final Curve curve) {
        final Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("benchmark", curve.benchmark());
        map.put("subject", curve.subject());
        map.put("ours", curve.ours());
        map.put("shares", curve.points().stream().map(Curve.Point::share).toList());
        map.put("micros", curve.points().stream().map(Curve.Point::micros).toList());
        return map;
    }

    private static Map<String, @Nullable Object> ofAbsence(final Absence absence) {
        final Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("benchmark", absence.benchmark());
        map.put("subject", absence.subject());
        map.put("reason", absence.reason());
        return map;
    }

    static Report parse(final String text) {
        final Fields fields = new Fields(Json.read(text));
        if (fields.number("format") != FORMAT) {
            throw new IllegalArgumentException("its format is not " + FORMAT);
        }
        final Map<String, String> machine = new LinkedHashMap<>();
        for (final Map.Entry<?, ?> each :
                new Fields(fields.get("machine")).map().entrySet()) {
            machine.put(String.valueOf(each.getKey()), String.valueOf(each.getValue()));
        }
        return new Report(
                fields.string("name"),
                fields.string("command"),
                fields.string("time"),
                machine,
                fields.list("figures").stream().map(ReportFile::toFigure).toList(),
                fields.list("curves").stream().map(ReportFile::toCurve).toList(),
                fields.list("absent").stream().map(ReportFile::toAbsence).toList());
    }

    private static Figure toFigure(final Fields fields) {
        final Metric metric = new Metric(
                fields.string("metric"),
                fields.string("unit"),
                Better.valueOf(fields.string("better").toUpperCase(java.util.Locale.ROOT)),
                fields.bool("counted"),
                fields.number("floor"));
        final Figure figure = Figure.alone(
                fields.string("benchmark"),
                fields.string("subject"),
                fields.bool("ours"),
                metric,
                fields.numbers("rounds"));
        if (!fields.map().containsKey("ratio")) {
            return figure;
        }
        final Fields ratio = new Fields(fields.get("ratio"));
        return new Figure(
                figure.benchmark(),
                figure.subject(),
                figure.ours(),
                metric,
                figure.rounds(),
                ratio.string("reference"),
                ratio.numbers("rounds"));
    }

    private static Curve toCurve(final Fields fields) {
        final List<Double> shares = fields.numbers("shares");
        final List<Double> micros = fields.numbers("micros");
        final List<Curve.Point> points = new java.util.ArrayList<>();
        for (int i = 0; i < Math.min(shares.size(), micros.size()); i++) {
            points.add(new Curve.Point(shares.get(i), micros.get(i)));
        }
        return new Curve(fields.string("benchmark"), fields.string("subject"), fields.bool("ours"), points);
    }

    private static Absence toAbsence(final Fields fields) {
        return new Absence(fields.string("benchmark"), fields.string("subject"), fields.string("reason"));
    }
}
