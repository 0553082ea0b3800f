package dev.ringflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RingModesTest {
    @Test
    void defaultsSleepAndHaveNobodyWorkForThem() {
        RingOptions options = RingOptions.defaults();
        assertThat(options.waitMode()).isEqualTo(WaitMode.INTERRUPT);
        assertThat(options.spinLimit()).isZero();
        assertThat(options.submissionThread()).isNull();
        assertThat(options.submissionThreadCpu()).isEqualTo(-1);
        assertThat(options.polledCompletions()).isFalse();
        assertThat(options.boundedWorkers()).isPositive();
        assertThat(options.unboundedWorkers()).isPositive();
        assertThat(options.forDriver().modes().submissionThreadMillis()).isZero();
    }

    @Test
    void modesReachTheDriver() {
        RingOptions options = RingOptions.builder()
                .depth(QueueDepth.LOW_LATENCY)
                .waiting(WaitMode.HYBRID)
                .submissionThread(Duration.ofSeconds(2), 1)
                .polledCompletions(true)
                .workers(3, 4)
                .build();
        assertThat(options.spinLimit()).isEqualTo(Duration.ofNanos(100_000));
        assertThat(options.forDriver().entries()).isEqualTo(16);
        assertThat(options.forDriver().modes()).isEqualTo(new dev.ringflow.spi.DriverModes(2000, 1, true, 3, 4, -1));
        assertThat(RingOptions.builder()
                        .waiting(WaitMode.HYBRID)
                        .waiting(WaitMode.INTERRUPT)
                        .build()
                        .spinLimit())
                .isZero();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        RingOptions.Builder options = RingOptions.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.waiting(WaitMode.INTERRUPT, Duration.ofMillis(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> options.waiting(WaitMode.HYBRID, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.waiting(WaitMode.BUSY_POLL, Duration.ofNanos(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> options.submissionThread(Duration.ofNanos(999_999)));
        assertThatIllegalArgumentException().isThrownBy(() -> options.submissionThread(Duration.ofMillis(1), -1));
        assertThatIllegalArgumentException().isThrownBy(() -> options.workers(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> options.workers(1, 65_536));
    }
}
