package dev.ringflow.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.benchmarks.report.RegressionCheck.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegressionCheckTest {
    private static Verdict verdict(final Figure before, final Figure after) {
        final List<RegressionCheck.Line> lines =
                new RegressionCheck(0.05).compare(Reports.of(before), Reports.of(after));
        assertThat(lines).hasSize(1);
        return lines.get(0).verdict();
    }

    @Test
    void aRatioThatFallsByMoreThanToleranceAndSpreadIsWorse() {
        assertThat(verdict(
                        Reports.ratios(Metric.SPEED, 1.0, 1.01, 0.99), Reports.ratios(Metric.SPEED, 0.9, 0.91, 0.89)))
                .isEqualTo(Verdict.WORSE);
    }

    @Test
    void ofATimeAHigherRatioIsWorseAndALowerOneBetter() {
        final Figure low = Reports.ratios(Metric.CPU, 0.9, 0.9, 0.9);
        final Figure high = Reports.ratios(Metric.CPU, 1.0, 1.0, 1.0);
        assertThat(verdict(low, high)).isEqualTo(Verdict.WORSE);
        assertThat(verdict(high, low)).isEqualTo(Verdict.BETTER);
    }

    @Test
    void aFallWithinTheToleranceIsNone() {
        assertThat(verdict(Reports.ratios(Metric.SPEED, 1.0, 1.0), Reports.ratios(Metric.SPEED, 0.96, 0.96)))
                .isEqualTo(Verdict.SAME);
    }

    @Test
    void aFallWithinTheSpreadOfTheRoundsIsNone() {
        assertThat(verdict(
                        Reports.ratios(Metric.SPEED, 1.0, 1.1, 0.9, 1.2, 0.8),
                        Reports.ratios(Metric.SPEED, 0.85, 0.95, 0.75, 1.05, 0.65)))
                .isEqualTo(Verdict.SAME);
    }

    @Test
    void aTimedFigureIsJudgedByItsRatioThoughTheMachineIsSlowerNow() {
        final Figure slow = Figure.alone("bench", "RingFlow", true, Metric.SPEED, List.of(50.0))
                .over(Figure.alone("bench", "peer", false, Metric.SPEED, List.of(50.0)));
        assertThat(verdict(Reports.ratios(Metric.SPEED, 1.0), slow)).isEqualTo(Verdict.SAME);
    }

    @Test
    void aCountedFigureIsJudgedAsItIs() {
        assertThat(verdict(Reports.counted(Metric.CALLS, 0.05, 0.05), Reports.counted(Metric.CALLS, 0.08, 0.08)))
                .isEqualTo(Verdict.WORSE);
    }

    @Test
    void aCountedFigureThatMovesByNextToNothingIsTheSame() {
        assertThat(verdict(Reports.counted(Metric.HEAP, 0.0, 0.0), Reports.counted(Metric.HEAP, 0.5, 0.5)))
                .isEqualTo(Verdict.SAME);
    }

    @Test
    void aFigureThatIsGoneThoughItsBenchmarkRanIsARegression() {
        final Report old = Reports.of(Reports.ratios(Metric.SPEED, 1.0));
        final Report now = new Report(
                "some", "", "", Map.of(), List.of(), List.of(), List.of(new Absence("bench", "RingFlow", "it failed")));
        assertThat(new RegressionCheck(0.05).compare(old, now))
                .singleElement()
                .matches(RegressionCheck.Line::isRegression)
                .hasToString("gone    bench | RingFlow | speed");
    }

    @Test
    void benchmarksThatDidNotRunAndPeersAreNotJudged() {
        final Figure peer = Figure.alone("bench", "peer", false, Metric.CALLS, List.of(1.0));
        final Figure worsePeer = Figure.alone("bench", "peer", false, Metric.CALLS, List.of(9.0));
        final Figure other = Figure.alone("other", "RingFlow", true, Metric.CALLS, List.of(1.0));
        assertThat(new RegressionCheck(0.05).compare(Reports.of(peer, other), Reports.of(worsePeer)))
                .isEmpty();
    }

    @Test
    void aRatioToAnotherReferenceSaysNothing() {
        final Figure other = Figure.alone("bench", "RingFlow", true, Metric.SPEED, List.of(50.0))
                .over(Figure.alone("bench", "another", false, Metric.SPEED, List.of(100.0)));
        assertThat(verdict(Reports.ratios(Metric.SPEED, 1.0), other)).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void aToleranceIsAPercentageOrAShare() {
        assertThat(RegressionCheck.tolerance("5%")).isEqualTo(0.05);
        assertThat(RegressionCheck.tolerance("0.1")).isEqualTo(0.1);
        assertThatThrownBy(() -> RegressionCheck.tolerance("much")).hasMessageContaining("much is no tolerance");
        assertThatThrownBy(() -> new RegressionCheck(Double.NaN)).hasMessageContaining("NaN");
    }
}
