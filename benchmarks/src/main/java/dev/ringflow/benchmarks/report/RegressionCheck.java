package dev.ringflow.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became slower from one report to the next. Compared are RingFlow's figures only: of those that are timed the ratio
 * to the reference, since both sides of a ratio suffered from the same neighbours; of those that are counted the figure
 * itself. A figure has regressed when it is worse by more than the tolerance, and by more than three times the larger of
 * the two deviations of the rounds (MAD). One that is gone, though its benchmark was run, has regressed as well.
 */
public final class RegressionCheck {
    private static final double DEVIATIONS = 3;

    private final double tolerance;

    /**
     * A check.
     *
     * @param tolerance the share of the old value that a new one may be worse by: 0.05
     */
    public RegressionCheck(final double tolerance) {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("The tolerance is " + tolerance + ", not 0 or more: 5% or 0.05");
        }
        this.tolerance = tolerance;
    }

    /**
     * Reads a tolerance.
     *
     * @param text {@code 5%} or {@code 0.05}
     * @return the share
     */
    public static double tolerance(final String text) {
        try {
            return text.endsWith("%")
                    ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
                    : Double.parseDouble(text);
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException(text + " is no tolerance: 5% or 0.05", e);
        }
    }

    /** How a figure went. */
    public enum Verdict {
        /** Within tolerance or spread. */
        SAME,
        /** Better by more than both. */
        BETTER,
        /** Worse by more than both. */
        WORSE,
        /** Not in the new report, though its benchmark is. */
        GONE,
        /** Without a value in one of the two, so that nothing can be said. */
        UNKNOWN
    }

    /**
     * One figure in both reports.
     *
     * @param key of the figure
     * @param isRatio whether the values are ratios to a reference
     * @param before the old value
     * @param after the new value
     * @param change by how much it became worse, as a share of the old value; below 0 if it became better
     * @param noise the change that the rounds' spread explains, as a share of the old value
     * @param verdict how it went
     */
    public record Line(
            String key, boolean isRatio, double before, double after, double change, double noise, Verdict verdict) {
        /** Whether the check fails for it. */
        public boolean isRegression() {
            return verdict == Verdict.WORSE || verdict == Verdict.GONE;
        }

        @Override
        public String toString() {
            return switch (verdict) {
                case GONE -> String.format(Locale.ROOT, "gone    %s", key);
                case UNKNOWN -> String.format(Locale.ROOT, "unknown %s", key);
                default ->
                    String.format(
                            Locale.ROOT,
                            "%-7s %s: %s%.4g -> %.4g, %.1f %% %s (spread %.1f %%)",
                            verdict.name().toLowerCase(Locale.ROOT),
                            key,
                            isRatio ? "ratio " : "",
                            before,
                            after,
                            100 * Math.abs(change),
                            change > 0 ? "worse" : "better",
                            100 * noise);
            };
        }
    }

    /**
     * Compares.
     *
     * @param old the report of before
     * @param now the report of after
     * @return a line for each figure that can be compared, in the order of the old report
     */
    public List<Line> compare(final Report old, final Report now) {
        final Map<String, Figure> found = new LinkedHashMap<>();
        now.figures().forEach(each -> found.put(each.key(), each));
        final List<String> run = now.benchmarks();
        final List<Line> lines = new ArrayList<>();
        for (final Figure each : old.figures()) {
            final boolean comparable = each.metric().counted() || each.reference() != null;
            if (each.ours() && comparable && run.contains(each.benchmark())) {
                lines.add(line(each, found.get(each.key())));
            }
        }
        return lines;
    }

    private Line line(final Figure before, final @Nullable Figure after) {
        final boolean isRatio = !before.metric().counted();
        if (after == null) {
            return new Line(before.key(), isRatio, Double.NaN, Double.NaN, 0, 0, Verdict.GONE);
        }
        final Spread from = isRatio ? before.ratio() : before.spread();
        final Spread to = isRatio ? after.ratio() : after.spread();
        final boolean sameReference = !isRatio || java.util.Objects.equals(before.reference(), after.reference());
        if (Double.isNaN(from.median()) || Double.isNaN(to.median()) || !sameReference) {
            return new Line(before.key(), isRatio, from.median(), to.median(), 0, 0, Verdict.UNKNOWN);
        }
        final double worse =
                before.metric().better() == Better.LOWER ? to.median() - from.median() : from.median() - to.median();
        final double noise = DEVIATIONS * Math.max(from.deviation(), to.deviation());
        final double base = Math.max(Math.abs(from.median()), Double.MIN_NORMAL);
        final double allowed = Math.max(
                Math.max(tolerance * base, noise), isRatio ? 0 : before.metric().floor());
        final Verdict verdict = worse > allowed ? Verdict.WORSE : -worse > allowed ? Verdict.BETTER : Verdict.SAME;
        return new Line(before.key(), isRatio, from.median(), to.median(), worse / base, noise / base, verdict);
    }
}
