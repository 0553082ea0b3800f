package dev.ringflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RingOptionsTest {
    @Test
    void defaultsLeaveTheChoiceToTheDriver() {
        RingOptions options = RingOptions.defaults();
        assertThat(options.entries()).isEqualTo(256);
        assertThat(options.completionEntries()).isZero();
        assertThat(options.driver()).isNull();
        assertThat(options.closeTimeout()).isPositive();
        assertThat(options.threadName()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 255, RingOptions.MAX_ENTRIES})
    void entriesWithinTheBoundsAreTaken(int entries) {
        assertThat(RingOptions.builder().entries(entries).build().entries()).isEqualTo(entries);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, RingOptions.MAX_ENTRIES + 1, Integer.MAX_VALUE})
    void entriesOutsideTheBoundsAreRefused(int entries) {
        assertThatThrownBy(() -> RingOptions.builder().entries(entries))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(entries));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, RingOptions.MAX_COMPLETION_ENTRIES + 1, Integer.MAX_VALUE})
    void completionEntriesOutsideTheBoundsAreRefused(int entries) {
        assertThatThrownBy(() -> RingOptions.builder().completionEntries(entries))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(entries));
    }

    @Test
    void completionQueueIsNotSmallerThanTheSubmissionQueue() {
        assertThat(RingOptions.builder().entries(8).completionEntries(8).build().completionEntries())
                .isEqualTo(8);
        var tooSmall = RingOptions.builder().completionEntries(8).entries(9);
        assertThatThrownBy(tooSmall::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8")
                .hasMessageContaining("9");
    }

    @Test
    void closingNeedsSomeTime() {
        assertThatThrownBy(() -> RingOptions.builder().closeTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RingOptions.builder().closeTimeout(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
