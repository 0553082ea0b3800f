package dev.ringflow.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A {@link Report} as one HTML file that needs no other, and no network: tables, and plots as SVG. */
public final class HtmlReport {
    private static final String STYLE = """
            :root { color-scheme: light dark; --back: #fff; --text: #1b1f24; --dim: #59636e; --rule: #d1d9e0;
              --ours: #0969da; --peer: #9aa4ae; --good: #116329; --bad: #b3261e; }
            @media (prefers-color-scheme: dark) { :root { --back: #0d1117; --text: #e6edf3; --dim: #9198a1;
              --rule: #30363d; --ours: #58a6ff; --peer: #6e7681; --good: #56d364; --bad: #ff7b72; } }
            body { background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif;
              max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
            h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--rule); } h3 { margin: 1.5rem 0 .25rem; }
            code { font-family: ui-monospace, monospace; } .dim { color: var(--dim); }
            .scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 14px; margin: .5rem 0; }
            th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--rule); text-align: left; }
            td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
            tr.ours td:first-child { font-weight: 600; } .ahead { color: var(--good); } .behind { color: var(--bad); }
            svg { width: 100%; height: auto; } svg text { font: 13px system-ui, sans-serif; fill: var(--text); }
            .bar.ours { fill: var(--ours); } .bar.peer { fill: var(--peer); } .deviation { fill: var(--text); opacity: .3; }
            .range, .axis { stroke: var(--text); } .grid { stroke: var(--rule); }
            .curve { fill: none; stroke-width: 2; } .curve.ours { stroke: var(--ours); }
            .peer0 { stroke: #c2566b; } .peer1 { stroke: #d1801f; } .peer2 { stroke: #2f9e6e; } .peer3 { stroke: #8f6fd0; }
            .peer4 { stroke: #7a8a99; } .peer5 { stroke: #b59b1a; } .peer6 { stroke: #1f9fb0; }
            """;

    private final Report report;
    private final StringBuilder html = new StringBuilder();

    private HtmlReport(final Report report) {
        this.report = report;
    }

    /**
     * Writes a report, and the folders that it is in.
     *
     * @param report what to show
     * @param file where to; overwritten
     * @throws IOException if that fails
     */
    public static void write(final Report report, final Path file) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
        Files.writeString(file, text(report));
    }

    static String text(final Report report) {
        return new HtmlReport(report).build();
    }

    private String build() {
        final String title = "ringflow bench " + report.name();
        html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>")
                .append(Markup.escape(title))
                .append("</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>\n")
                .append(STYLE)
                .append("</style></head><body>\n");
        element("h1", title);
        html.append("<p><code>").append(Markup.escape(report.command())).append("</code></p>\n");
        machine();
        html.append(
                        "<p class=\"dim\">A bar is the median of all rounds. The line goes from the smallest to the largest")
                .append(" round, the box is one median absolute deviation (MAD) to both sides. × is the ratio to the")
                .append(" reference, taken round by round. Subjects of one benchmark take turns.</p>\n");
        balance();
        report.benchmarks().forEach(this::benchmark);
        return html.append("</body></html>\n").toString();
    }

    private void element(final String name, final String text) {
        html.append('<')
                .append(name)
                .append('>')
                .append(Markup.escape(text))
                .append("</")
                .append(name)
                .append(">\n");
    }

    private void machine() {
        html.append("<div class=\"scroll\"><table>\n");
        fact("begun", report.time());
        report.machine().forEach(this::fact);
        html.append("</table></div>\n");
    }

    private void fact(final String name, final String value) {
        html.append("<tr><th>").append(Markup.escape(name)).append("</th><td>").append(Markup.escape(value));
        html.append("</td></tr>\n");
    }

    /** All of RingFlow's ratios, the losses first. */
    private void balance() {
        final List<Figure> compared = new ArrayList<>(report.figures().stream()
                .filter(each -> each.ours() && Double.isFinite(each.advantage()))
                .toList());
        if (compared.isEmpty()) {
            return;
        }
        compared.sort(Comparator.comparingDouble(Figure::advantage));
        element("h2", "RingFlow beside the references, what it loses first");
        header("subject", "benchmark", "metric", "reference", "n:ratio", "n:from", "n:to", "");
        for (final Figure each : compared) {
            final Spread ratio = each.ratio();
            html.append("<tr><td>").append(Markup.escape(each.subject()));
            cell(each.benchmark(), "");
            cell(each.metric().name(), "");
            cell(Objects.requireNonNullElse(each.reference(), ""), "");
            cell(Markup.ratio(ratio.median()), "n");
            cell(Markup.ratio(ratio.minimum()), "n");
            cell(Markup.ratio(ratio.maximum()), "n");
            final String verdict = verdict(each);
            cell(verdict, verdict);
            html.append("</td></tr>\n");
        }
        html.append("</table></div>\n");
    }

    /** Even where less than the deviation of the rounds, or half a percent, lies between. */
    static String verdict(final Figure figure) {
        final Spread ratio = figure.ratio();
        if (Math.abs(ratio.median() - 1) <= Math.max(ratio.deviation(), 0.005)) {
            return "even";
        }
        return figure.advantage() > 1 ? "ahead" : "behind";
    }

    private void header(final String... names) {
        html.append("<div class=\"scroll\"><table>\n<tr>");
        for (final String each : names) {
            final boolean number = each.startsWith("n:");
            html.append(number ? "<th class=\"n\">" : "<th>");
            html.append(Markup.escape(number ? each.substring(2) : each)).append("</th>");
        }
        html.append("</tr>\n");
    }

    private void cell(final String text, final String kind) {
        html.append("</td><td class=\"").append(kind).append("\">").append(Markup.escape(text));
    }

    private void benchmark(final String name) {
        element("h2", name);
        final Map<String, List<Figure>> metrics = new LinkedHashMap<>();
        for (final Figure each : report.figures()) {
            if (each.benchmark().equals(name)) {
                metrics.computeIfAbsent(each.metric().name(), absent -> new ArrayList<>())
                        .add(each);
            }
        }
        for (final List<Figure> figures : metrics.values()) {
            final Metric metric = figures.get(0).metric();
            final String better = metric.better() == Better.HIGHER ? "more is better" : "less is better";
            element("h3", metric.name() + ", " + metric.unit() + " (" + better + ")");
            html.append(BarPlot.svg(figures));
        }
        final List<Curve> curves = report.curves().stream()
                .filter(each -> each.benchmark().equals(name))
                .toList();
        if (!curves.isEmpty()) {
            element("h3", "latency by the share of requests that stay within");
            html.append(CurvePlot.svg(curves));
        }
        absent(name);
        if (!metrics.isEmpty()) {
            numbers(metrics);
        }
    }

    private void absent(final String name) {
        for (final Absence each : report.absent()) {
            if (each.benchmark().equals(name)) {
                html.append("<p>Not measured: <b>")
                        .append(Markup.escape(each.subject()))
                        .append("</b>: ");
                html.append(Markup.escape(each.reason())).append("</p>\n");
            }
        }
    }

    private void numbers(final Map<String, List<Figure>> metrics) {
        html.append("<details><summary>All numbers</summary>\n");
        header("subject", "metric", "n:median", "n:smallest", "n:largest", "n:MAD", "unit", "n:ratio", "to");
        for (final List<Figure> figures : metrics.values()) {
            for (final Figure each : figures) {
                final Spread spread = each.spread();
                html.append("<tr class=\"")
                        .append(each.ours() ? "ours" : "peer")
                        .append("\"><td>");
                html.append(Markup.escape(each.subject()));
                cell(each.metric().name(), "");
                cell(Markup.number(spread.median()), "n");
                cell(Markup.number(spread.minimum()), "n");
                cell(Markup.number(spread.maximum()), "n");
                cell(Markup.number(spread.deviation()), "n");
                cell(each.metric().unit(), "");
                cell(Markup.ratio(each.ratio().median()), "n");
                cell(Objects.requireNonNullElse(each.reference(), ""), "");
                html.append("</td></tr>\n");
            }
        }
        html.append("</table></div></details>\n");
    }
}
