package dev.ringflow.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class HtmlReportTest {
    private static String html(final Figure... figures) {
        return HtmlReport.text(Reports.of(figures));
    }

    @Test
    void lossesAreShownLikeWinsAndFirst() {
        final Figure win = Reports.ratios(Metric.SPEED, 1.2, 1.2);
        final Figure loss = Reports.ratios(Metric.CPU, 1.3, 1.3);
        final String html = html(win, loss);
        assertThat(html).contains("<td class=\"behind\">behind", "<td class=\"ahead\">ahead");
        assertThat(html.indexOf("class=\"behind\"")).isLessThan(html.indexOf("class=\"ahead\""));
    }

    @Test
    void aDifferenceWithinTheRoundsIsEven() {
        assertThat(HtmlReport.verdict(Reports.ratios(Metric.SPEED, 1.1, 1.02, 0.9)))
                .isEqualTo("even");
        assertThat(HtmlReport.verdict(Reports.ratios(Metric.SPEED, 1.1, 1.11, 1.09)))
                .isEqualTo("ahead");
    }

    @Test
    void itNeedsNoNetworkAndHasADarkMode() {
        final String html = html(Reports.ratios(Metric.SPEED, 1.0));
        assertThat(html).doesNotContain("http:", "https:", "src=", "@import", "url(");
        assertThat(html).contains("prefers-color-scheme: dark", "color-scheme: light dark");
    }

    @Test
    void namesAreEscaped() {
        assertThat(html(Figure.alone("<b>", "a & \"b\"", true, Metric.HEAP, List.of(1.0))))
                .contains("&lt;b&gt;", "a &amp; &quot;b&quot;")
                .doesNotContain("<b>");
    }

    @Test
    void plotsAreWellFormedAlsoOfUnknownAndNegativeFigures() throws Exception {
        final List<Figure> figures = List.of(
                Reports.counted(Metric.HEAP, -5.0, -7.0),
                Reports.counted(Metric.HEAP, 12.0),
                Reports.counted(Metric.HEAP, Double.NaN),
                Figure.alone("bench", "a < b & c", false, Metric.HEAP, List.of(0.0)));
        final String bars = BarPlot.svg(figures);
        parse(bars);
        assertThat(bars).doesNotContain("NaN").doesNotContain("width=\"-");
        parse(BarPlot.svg(List.of(Reports.counted(Metric.HEAP, 0.0))));
        final String curves = CurvePlot.svg(List.of(
                new Curve("b", "a < b", true, List.of(new Curve.Point(0, 10), new Curve.Point(0.9999, 5000))),
                new Curve("b", "none", false, List.of())));
        parse(curves);
        assertThat(curves).doesNotContain("NaN").contains("99.99 %");
    }

    private static void parse(final String svg) throws Exception {
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    @Test
    void whoIsAbsentIsNamedWithTheReason() {
        final Report report = new Report(
                "echo", "", "", Map.of(), List.of(), List.of(), List.of(new Absence("echo", "peer", "it needs <x>")));
        assertThat(HtmlReport.text(report)).contains("Not measured: <b>peer</b>: it needs &lt;x&gt;");
    }
}
