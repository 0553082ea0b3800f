package dev.ringflow.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The arithmetic of clocks, in virtual time. */
class TickScheduleTest {
    @Test
    void ticksAreCountedFromTheFirst() {
        TickSchedule clock = new TickSchedule(1000, 30, 10);
        assertThat(clock.passed(1000)).isZero();
        assertThat(clock.passed(1029)).isZero();
        assertThat(clock.passed(1030)).isEqualTo(1);
        assertThat(clock.passed(1039)).isEqualTo(1);
        assertThat(clock.passed(1040)).isEqualTo(2);
        assertThat(clock.passed(1130)).isEqualTo(11);
    }

    @Test
    void nextTickIsAfterNowAlsoOnTheBeat() {
        TickSchedule clock = new TickSchedule(1000, 30, 10);
        assertThat(clock.untilNext(1000)).isEqualTo(30);
        assertThat(clock.untilNext(1029)).isEqualTo(1);
        assertThat(clock.untilNext(1030)).isEqualTo(10);
        assertThat(clock.untilNext(1031)).isEqualTo(9);
        assertThat(clock.lateness(1000)).isEqualTo(-30);
        assertThat(clock.lateness(1030)).isZero();
        assertThat(clock.lateness(1048)).isEqualTo(8);
    }

    @Test
    void clockThatIsWaitedForNeverDrifts() {
        Random random = new Random(7);
        TickSchedule clock = new TickSchedule(-500, 13, 13);
        long now = -500;
        long told = 0;
        for (int i = 0; i < 10_000; i++) {
            now += clock.untilNext(now) + random.nextInt(40); // woken late
            long passed = clock.passed(now);
            assertThat(passed).isGreaterThan(told).isEqualTo((now + 500) / 13);
            told = passed;
        }
    }

    @Test
    void timesOfANanosecondAndOfAgesAreNoSpecialCases() {
        TickSchedule fast = new TickSchedule(5, 0, 1);
        assertThat(fast.passed(5)).isEqualTo(1);
        assertThat(fast.passed(105)).isEqualTo(101);
        assertThat(fast.untilNext(105)).isEqualTo(1);
        for (long start : new long[] {0, Long.MAX_VALUE - 10, Long.MIN_VALUE + 10}) {
            TickSchedule slow = new TickSchedule(start, Long.MAX_VALUE, Long.MAX_VALUE);
            assertThat(slow.passed(start + 1_000_000)).isZero();
            assertThat(slow.untilNext(start + 1_000_000)).isEqualTo(Long.MAX_VALUE / 2 - 1_000_000);
            TickSchedule later = new TickSchedule(start, 1, Long.MAX_VALUE);
            assertThat(later.passed(start + 100)).isEqualTo(1);
            assertThat(later.untilNext(start + 1)).isEqualTo(Long.MAX_VALUE / 2);
        }
    }

    @Test
    void clockRunsThroughTheOverflowOfTheTimer() {
        TickSchedule clock = new TickSchedule(Long.MAX_VALUE - 5, 10, 10);
        assertThat(clock.passed(Long.MAX_VALUE)).isZero();
        assertThat(clock.passed(Long.MIN_VALUE + 4)).isEqualTo(1);
        assertThat(clock.passed(Long.MIN_VALUE + 14)).isEqualTo(2);
    }
}
