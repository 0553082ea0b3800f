package dev.ringflow.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void oneBadRoundMovesNeitherMedianNorDeviation() {
        assertThat(Spread.of(List.of(10.0, 11.0, 9.0, 1000.0, 10.0))).isEqualTo(new Spread(10, 9, 1000, 1));
    }

    @Test
    void ofAnEvenNumberTheMedianIsTheMeanOfTheTwoInTheMiddle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0)).median()).isEqualTo(2.5);
    }

    @Test
    void nextToNothingMakesNoRatio() {
        final Figure none = Figure.alone("bench", "peer", false, Metric.HEAP, List.of(0.01, 96.0));
        assertThat(Reports.counted(Metric.HEAP, 96.0, 48.0).over(none).ratios()).containsExactly(0.5);
    }

    @Test
    void unknownRoundsDoNotCount() {
        assertThat(Spread.of(List.of(Double.NaN, 5.0))).isEqualTo(new Spread(5, 5, 5, 0));
        assertThat(Spread.of(List.of()).median()).isNaN();
    }
}
