package dev.ringflow.benchmarks.report;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/**
 * Latency towards the slowest requests: to the right the share of all requests, each mark a tenth of those left; upwards
 * the latency, each mark ten times as long.
 */
final class CurvePlot {
    private static final int WIDTH = 920;
    private static final int HEIGHT = 360;
    private static final int LEFT = 80;
    private static final int RIGHT = 310;
    private static final int TOP = 16;
    private static final int BOTTOM = 40;
    /** Patterns of dashes, so that curves differ by more than their colour. */
    private static final List<String> DASHES = List.of("", "8 3", "3 3", "10 3 2 3", "1 3");

    /** Colours of peers, in the style of {@link HtmlReport}. */
    private static final int PEERS = 7;

    private final List<Curve> curves;
    private final double decades;
    private final double lowest;
    private final double highest;

    private CurvePlot(final List<Curve> curves) {
        this.curves = curves;
        decades = curves.stream()
                .flatMap(each -> each.points().stream())
                .mapToDouble(each -> nines(each.share()))
                .max()
                .orElse(1);
        lowest = Math.floor(curves.stream()
                .flatMap(each -> each.points().stream())
                .mapToDouble(each -> height(each.micros()))
                .min()
                .orElse(0));
        highest = Math.max(
                lowest + 1,
                Math.ceil(curves.stream()
                        .flatMap(each -> each.points().stream())
                        .mapToDouble(each -> height(each.micros()))
                        .max()
                        .orElse(1)));
    }

    static String svg(final List<Curve> curves) {
        return new CurvePlot(curves).draw();
    }

    private static double nines(final double share) {
        return -Math.log10(1 - Math.min(share, 1 - 1e-9));
    }

    private static double height(final double micros) {
        return Math.log10(Math.max(micros, 0.1));
    }

    private double x(final double share) {
        return LEFT + (WIDTH - LEFT - RIGHT) * nines(share) / Math.max(decades, 1);
    }

    private double y(final double micros) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (height(micros) - lowest) / (highest - lowest);
    }

    private String draw() {
        final StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"latency by share of requests\">%n",
                WIDTH,
                HEIGHT));
        for (final double share : new double[] {0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999}) {
            if (nines(share) <= decades + 1e-6) {
                BarPlot.line(svg, "grid", x(share), TOP, x(share), HEIGHT - BOTTOM);
                BarPlot.text(svg, "label", x(share), HEIGHT - BOTTOM + 18, "middle", percent(share));
            }
        }
        for (double power = lowest; power <= highest; power++) {
            final double micros = Math.pow(10, power);
            BarPlot.line(svg, "grid", LEFT, y(micros), WIDTH - RIGHT, y(micros));
            BarPlot.text(
                    svg,
                    "label",
                    LEFT - 6,
                    y(micros) + 4,
                    "end",
                    micros < 1000 ? Markup.number(micros) + " µs" : Markup.number(micros / 1000) + " ms");
        }
        for (int i = 0; i < curves.size(); i++) {
            curve(svg, curves.get(i), i);
        }
        return svg.append("</svg>\n").toString();
    }

    private static String percent(final double share) {
        return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + " %";
    }

    private void curve(final StringBuilder svg, final Curve curve, final int index) {
        final String kind = curve.ours() ? "curve ours" : "curve peer" + index % PEERS;
        final String style = "class=\"" + kind + "\" stroke-dasharray=\"" + DASHES.get(index % DASHES.size()) + "\"";
        svg.append("<polyline ").append(style).append(" points=\"");
        curve.points()
                .forEach(each -> svg.append(Markup.at(x(each.share())))
                        .append(',')
                        .append(Markup.at(y(each.micros())))
                        .append(' '));
        svg.append("\"><title>").append(Markup.escape(curve.subject())).append("</title></polyline>\n");
        final double top = TOP + 10 + 20.0 * index;
        svg.append("<line ").append(style).append(" x1=\"").append(Markup.at(WIDTH - RIGHT + 12));
        svg.append("\" x2=\"")
                .append(Markup.at(WIDTH - RIGHT + 42))
                .append("\" y1=\"")
                .append(Markup.at(top));
        svg.append("\" y2=\"").append(Markup.at(top)).append("\"/>\n");
        BarPlot.text(svg, "label", WIDTH - RIGHT + 48, top + 4, "start", curve.subject());
    }
}
