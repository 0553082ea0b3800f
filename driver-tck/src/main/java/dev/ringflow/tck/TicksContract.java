package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingClosedException;
import dev.ringflow.event.TickStream;
import dev.ringflow.tck.TicksSubscriber.Signal;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Timers as futures, and clocks: none early, none drifting, none queued. */
public abstract class TicksContract extends DriverContract {
    private static final Duration HOUR = Duration.ofHours(1);

    /** For subclasses. */
    protected TicksContract() {}

    // Timers.

    @Test
    void timerCompletesOnTheLoopThreadAndNotEarly() {
        long start = System.nanoTime();
        CompletableFuture<Boolean> onLoop =
                ring().timerAsync(Duration.ofMillis(20)).thenApply(done -> ring().isLoopThread());
        assertThat(await(onLoop)).isTrue();
        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
        await(ring().timerAsync(Duration.ofMillis(-1)));
    }

    @Test
    void cancelledTimerIsCalledOff() {
        CompletableFuture<@Nullable Void> timer = ring().timerAsync(HOUR);
        assertThat(timer.cancel(false)).isTrue();
        assertThat(failureOf(timer)).isInstanceOf(CancellationException.class);
        assertThat(timer.cancel(false)).isTrue();
    }

    @Test
    void timerFailsWhenTheRingCloses() {
        CompletableFuture<@Nullable Void> timer = ring().timerAsync(HOUR);
        ring().close();
        assertThat(failureOf(timer)).isInstanceOf(RingClosedException.class);
        assertThatThrownBy(() -> ring().timerAsync(HOUR)).isInstanceOf(RingClosedException.class);
    }

    // Clocks.

    @Test
    void ticksCountPeriodsAndNoneIsEarly() {
        for (int periodMillis : new int[] {1, 5}) {
            long period = Duration.ofMillis(periodMillis).toNanos();
            long start = System.nanoTime();
            var subscriber = TicksSubscriber.to(ring().ticksPublisher(Duration.ofNanos(period)), Long.MAX_VALUE);
            long last = 0;
            for (Signal<Long> each : subscriber.next(30)) {
                assertThat(each.element()).isGreaterThan(last);
                assertThat(each.nanoTime() - start).isGreaterThanOrEqualTo(each.element() * period);
                last = each.element();
            }
            subscriber.subscription().cancel();
        }
    }

    @Test
    void clockKeepsItsBeat() {
        long period = Duration.ofMillis(5).toNanos();
        int count = 200;
        var subscriber = TicksSubscriber.to(ring().ticksPublisher(Duration.ofNanos(period)), Long.MAX_VALUE);
        List<Signal<Long>> ticks = subscriber.next(count);
        subscriber.subscription().cancel();
        long beat = leastLate(ticks, period); // whatever else the machine does, some ticks are in time
        long beatOfTheLast = leastLate(ticks.subList(count * 3 / 4, count), period);
        assertThat(beatOfTheLast - beat)
                .as("how far the clock drifts in %s periods", count)
                .isLessThan(TimeUnit.MILLISECONDS.toNanos(2));
    }

    private static long leastLate(List<Signal<Long>> ticks, long period) {
        return ticks.stream()
                .mapToLong(each -> each.nanoTime() - each.element() * period)
                .min()
                .orElseThrow();
    }

    @Test
    void ticksNobodyAsksForAreCountedAndNotQueued() {
        Duration period = Duration.ofMillis(2);
        long start = System.nanoTime();
        var subscriber = TicksSubscriber.to(ring().ticksPublisher(period), 1);
        subscriber.next();
        await(ring().timerAsync(period.multipliedBy(10)));
        assertThat(subscriber.waiting()).isZero();
        subscriber.request(1);
        Signal<Long> late = subscriber.next();
        assertThat(late.element())
                .isGreaterThanOrEqualTo(10)
                .isLessThanOrEqualTo((late.nanoTime() - start) / period.toNanos());
        onLoop(ring(), () -> null);
        assertThat(subscriber.waiting()).isZero();
        subscriber.request(2);
        assertThat(subscriber.next().element()).isGreaterThan(late.element());
        subscriber.next();
        subscriber.subscription().cancel();
    }

    @Test
    void clockThatNobodyAsksIsStoppedAndGoesOnWithTheRightNumber() {
        long start = System.nanoTime();
        Duration period = Duration.ofMillis(1);
        var subscriber = TicksSubscriber.to(ring().ticksPublisher(period), 1);
        subscriber.next();
        eventually(
                () -> "nothing is in flight: " + ring().metrics(),
                () -> ring().metrics().inFlight() == 0);
        onLoop(ring(), () -> null);
        long waits = ring().metrics().waits();
        await(ring().timerAsync(Duration.ofMillis(50)));
        assertThat(ring().metrics().waits() - waits)
                .as("wake-ups in 50 periods")
                .isLessThan(25);
        subscriber.request(3);
        for (Signal<Long> each : subscriber.next(3)) {
            assertThat(each.element())
                    .isGreaterThan(50)
                    .isLessThanOrEqualTo((each.nanoTime() - start) / period.toNanos());
        }
        subscriber.subscription().cancel();
    }

    @Test
    void busyLoopLeavesAGapAndNoBurst() {
        Duration period = Duration.ofMillis(5);
        var subscriber = TicksSubscriber.to(ring().ticksPublisher(period), Long.MAX_VALUE);
        long before = subscriber.next().element();
        var gate = blockLoop(ring());
        long blocked = System.nanoTime();
        eventually("ten periods have passed", () -> System.nanoTime() - blocked > period.toNanos() * 10);
        gate.complete(null);
        eventually("a gap", () -> subscriber.next().element() > before + 5);
        long next = subscriber.next().element();
        assertThat(subscriber.next().element()).isGreaterThan(next);
        subscriber.subscription().cancel();
    }

    @Test
    void firstTickComesAfterItsOwnDelay() {
        var atOnce = TicksSubscriber.to(ring().ticksPublisher(HOUR, Duration.ZERO), Long.MAX_VALUE);
        assertThat(atOnce.next().element()).isEqualTo(1);
        long start = System.nanoTime();
        var later = TicksSubscriber.to(ring().ticksPublisher(HOUR, Duration.ofMillis(30)), Long.MAX_VALUE);
        Signal<Long> first = later.next();
        assertThat(first.element()).isEqualTo(1);
        assertThat(first.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
        assertThat(atOnce.waiting()).isZero();
    }

    @Test
    void longestPeriodNeverOverflows() {
        var subscriber = TicksSubscriber.to(
                ring().ticksPublisher(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofMillis(1)), Long.MAX_VALUE);
        assertThat(subscriber.next().element()).isEqualTo(1);
        await(ring().timerAsync(Duration.ofMillis(5)));
        assertThat(subscriber.waiting()).isZero();
    }

    @Test
    void fastestClockLeavesTimeForOthers() {
        var subscriber = TicksSubscriber.to(ring().ticksPublisher(Duration.ofNanos(1)), Long.MAX_VALUE);
        subscriber.next(100);
        for (int i = 0; i < 100; i++) {
            onLoop(ring(), () -> null);
        }
        await(ring().timerAsync(Duration.ofMillis(1)));
        subscriber.subscription().cancel();
        onLoop(ring(), () -> null);
        int seen = subscriber.waiting();
        await(ring().timerAsync(Duration.ofMillis(5)));
        assertThat(subscriber.waiting()).isEqualTo(seen);
    }

    @Test
    void cancelledSubscriptionStopsTheClock() {
        AtomicInteger before = new AtomicInteger();
        var subscriber = TicksSubscriber.to(ring().ticksPublisher(Duration.ofMillis(5)), Long.MAX_VALUE);
        subscriber.next(3);
        onLoop(ring(), () -> {
            subscriber.subscription().cancel();
            subscriber.subscription().cancel();
            before.set(subscriber.waiting());
            return null;
        });
        eventually("nothing is in flight", () -> ring().metrics().inFlight() == 0);
        await(ring().timerAsync(Duration.ofMillis(20)));
        assertThat(subscriber.waiting()).isEqualTo(before.get());
        assertThat(subscriber.end()).isNotDone();
    }

    @Test
    void clockFailsWhenTheRingCloses() {
        var ticking = TicksSubscriber.to(ring().ticksPublisher(Duration.ofMillis(5)), Long.MAX_VALUE);
        ticking.next();
        var sleeping = TicksSubscriber.to(ring().ticksPublisher(HOUR), Long.MAX_VALUE);
        sleeping.subscription();
        var publisher = ring().ticksPublisher(HOUR);
        ring().close();
        assertThat(failureOf(ticking.end())).isInstanceOf(RingClosedException.class);
        assertThat(failureOf(sleeping.end())).isInstanceOf(RingClosedException.class);
        assertThat(failureOf(TicksSubscriber.to(publisher, 1).end())).isInstanceOf(RingClosedException.class);
    }

    @Test
    void wrongDemandAndWrongPeriodsAreRefused() {
        var subscriber = TicksSubscriber.to(ring().ticksPublisher(HOUR), 1);
        subscriber.request(0);
        assertThat(failureOf(subscriber.end()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3.9");
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
            assertThatThrownBy(() -> ring().ticksPublisher(wrong)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> ring().tickStream(wrong, HOUR)).isInstanceOf(IllegalArgumentException.class);
        }
        Duration negative = Duration.ofNanos(-1);
        assertThatThrownBy(() -> ring().ticksPublisher(HOUR, negative)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void streamTellsOneAtATimeAndWaitingCanBeGivenUp() {
        try (TickStream stream = ring().tickStream(HOUR, Duration.ofMillis(1))) {
            Recorder<Long> first = new Recorder<>();
            stream.next(first);
            assertThat(await(first.outcome())).isEqualTo(1);
            Recorder<Long> waits = new Recorder<>();
            Recorder<Long> tooMany = new Recorder<>();
            stream.next(waits);
            stream.next(tooMany);
            assertThat(failureOf(tooMany.outcome())).isInstanceOf(IllegalStateException.class);
            stream.giveUp(waits);
            assertThat(failureOf(waits.outcome())).isInstanceOf(CancellationException.class);
            Recorder<Long> again = new Recorder<>();
            stream.next(again);
            stream.close();
            assertThat(failureOf(again.outcome())).isInstanceOf(ClosedChannelException.class);
        }
        eventually("nothing is in flight", () -> ring().metrics().inFlight() == 0);
    }

    @Test
    void subscriberThatThrowsLosesItsClockAndNobodyElses() {
        var bad = new java.util.concurrent.Flow.Subscriber<Long>() {
            final AtomicInteger told = new AtomicInteger();

            @Override
            public void onSubscribe(java.util.concurrent.Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Long tick) {
                told.incrementAndGet();
                throw new IllegalStateException("thrown by the test");
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {}
        };
        ring().ticksPublisher(Duration.ofMillis(1)).subscribe(bad);
        var good = TicksSubscriber.to(ring().ticksPublisher(Duration.ofMillis(1)), Long.MAX_VALUE);
        good.next(10);
        assertThat(bad.told.get()).isEqualTo(1);
        good.subscription().cancel();
    }
}
