package dev.ringflow.benchmarks.report;

import java.util.Locale;

/** Text and numbers as they go into HTML and SVG. */
final class Markup {
    private Markup() {}

    static String escape(final String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Three digits that count, with separators of thousands; a dash for what is unknown. */
    static String number(final double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        final double size = Math.abs(value);
        final int digits = size >= 100 || size == Math.rint(size) ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4;
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    static String ratio(final double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.3f", value);
    }

    /** A coordinate. */
    static String at(final double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
