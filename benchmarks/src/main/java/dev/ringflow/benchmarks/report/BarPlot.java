package dev.ringflow.benchmarks.report;

import java.util.List;

/**
 * The figures of one metric as bars from zero: each as long as the median, with a line from the smallest to the largest
 * round and a box of one deviation on both sides of the median.
 */
final class BarPlot {
    private static final int WIDTH = 860;
    private static final int LEFT = 270;
    private static final int RIGHT = 190;
    private static final int ROW = 26;
    private static final int TOP = 8;

    private BarPlot() {}

    static String svg(final List<Figure> figures) {
        final Metric metric = figures.get(0).metric();
        final double largest = figures.stream()
                .mapToDouble(each -> each.spread().maximum())
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        final double scale = largest > 0 ? (WIDTH - LEFT - RIGHT) / largest : 0;
        final int height = TOP + ROW * figures.size() + TOP;
        final StringBuilder svg = new StringBuilder()
                .append("<svg viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(height)
                .append("\" role=\"img\" aria-label=\"")
                .append(Markup.escape(metric.name() + " in " + metric.unit()))
                .append("\">\n");
        for (int i = 0; i < figures.size(); i++) {
            row(svg, figures.get(i), TOP + ROW * i, scale);
        }
        line(svg, "axis", LEFT, TOP, LEFT, height - TOP);
        return svg.append("</svg>\n").toString();
    }

    private static void row(final StringBuilder svg, final Figure figure, final int top, final double scale) {
        final Spread spread = figure.spread();
        final int middle = top + ROW / 2;
        text(svg, "label", LEFT - 8, middle + 4, "end", figure.subject());
        final StringBuilder value = new StringBuilder(Markup.number(spread.median()));
        if (!Double.isNaN(spread.median())) {
            final String kind = figure.ours() ? "bar ours" : "bar peer";
            rectangle(svg, kind, LEFT, top + 4, scale * Math.max(0, spread.median()), ROW - 8);
            final double from = LEFT + scale * Math.max(0, spread.minimum());
            final double to = LEFT + scale * Math.max(0, spread.maximum());
            line(svg, "range", from, middle, to, middle);
            final double low = LEFT + scale * Math.max(0, spread.median() - spread.deviation());
            final double high = LEFT + scale * Math.max(0, spread.median() + spread.deviation());
            rectangle(svg, "deviation", low, top + 8, high - low, ROW - 16);
            if (figure.reference() != null) {
                value.append("  (× ")
                        .append(Markup.ratio(figure.ratio().median()))
                        .append(')');
            }
        }
        text(svg, "value", WIDTH - RIGHT + 10, middle + 4, "start", value.toString());
    }

    private static void rectangle(
            final StringBuilder svg,
            final String kind,
            final double x,
            final double y,
            final double width,
            final double height) {
        svg.append("<rect class=\"").append(kind).append("\" x=\"").append(Markup.at(x));
        svg.append("\" y=\"").append(Markup.at(y)).append("\" width=\"").append(Markup.at(width));
        svg.append("\" height=\"").append(Markup.at(height)).append("\"/>\n");
    }

    static void line(
            final StringBuilder svg,
            final String kind,
            final double x1,
            final double y1,
            final double x2,
            final double y2) {
        svg.append("<line class=\"").append(kind).append("\" x1=\"").append(Markup.at(x1));
        svg.append("\" y1=\"").append(Markup.at(y1)).append("\" x2=\"").append(Markup.at(x2));
        svg.append("\" y2=\"").append(Markup.at(y2)).append("\"/>\n");
    }

    static void text(
            final StringBuilder svg,
            final String kind,
            final double x,
            final double y,
            final String anchor,
            final String text) {
        svg.append("<text class=\"").append(kind).append("\" x=\"").append(Markup.at(x));
        svg.append("\" y=\"").append(Markup.at(y)).append("\" text-anchor=\"").append(anchor);
        svg.append("\">").append(Markup.escape(text)).append("</text>\n");
    }
}
