package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingTimer;
import dev.ringflow.file.RingFile;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The loop: tasks, timers, wake-ups, full queues, and callbacks that misbehave. */
public abstract class LoopContract extends DriverContract {
    /** For subclasses. */
    protected LoopContract() {}

    // Tasks.

    @Test
    void tasksOfOneThreadRunInOrderOnTheLoopThread() {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 5000; i++) {
            int number = i;
            ring().execute(() -> order.add(ring().isLoopThread() ? number : -1));
        }
        onLoop(ring(), () -> null);
        assertThat(order).hasSize(5000).isSorted().doesNotContain(-1);
        assertThat(ring().isLoopThread()).isFalse();
    }

    @Test
    void taskHandedInOnTheLoopRunsLaterAndNotAtOnce() {
        CompletableFuture<Boolean> ranAtOnce = new CompletableFuture<>();
        ring().execute(() -> {
            AtomicInteger run = new AtomicInteger();
            ring().execute(run::incrementAndGet);
            ranAtOnce.complete(run.get() > 0);
        });
        assertThat(await(ranAtOnce)).isFalse();
    }

    @Test
    void taskThatThrowsHarmsNobodyAndIsCounted() {
        long before = ring().metrics().callbackFailures();
        AtomicInteger run = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            ring().execute(() -> {
                throw new IllegalStateException("of this test");
            });
            ring().execute(() -> {
                throw new AssertionError("of this test");
            });
            ring().execute(run::incrementAndGet);
        }
        ring().schedule(Duration.ZERO, () -> {
            throw new IllegalStateException("of this test");
        });
        CompletableFuture<@Nullable Void> later = new CompletableFuture<>();
        ring().schedule(Duration.ofMillis(5), () -> later.complete(null));
        await(later);
        assertThat(run).hasValue(10);
        assertThat(ring().metrics().callbackFailures() - before).isEqualTo(21);
    }

    @Test
    void callbackThatThrowsLosesNoOtherCompletionAndRepeatsNone() {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 4096)));
        int count = 60;
        List<AtomicInteger> told = new ArrayList<>();
        CompletableFuture<@Nullable Void> last = new CompletableFuture<>();
        AtomicInteger all = new AtomicInteger();
        ring().execute(() -> {
            for (int i = 0; i < count; i++) {
                AtomicInteger times = new AtomicInteger();
                told.add(times);
                boolean throwing = i % 3 != 1;
                file.read(Bytes.direct(64), 0, new RingCallback<>() {
                    @Override
                    public boolean completed(Integer bytes) {
                        times.incrementAndGet();
                        if (all.incrementAndGet() == count) {
                            last.complete(null);
                        }
                        if (throwing) {
                            throw new IllegalStateException("of this test");
                        }
                        return true;
                    }

                    @Override
                    public void failed(Throwable cause) {
                        last.completeExceptionally(cause);
                    }
                });
            }
        });
        await(last);
        onLoop(ring(), () -> null);
        told.forEach(each -> assertThat(each).hasValue(1));
        assertThat(await(file.readAsync(Bytes.direct(64), 0))).isEqualTo(64);
        assertThat(ring().metrics().inFlight()).isZero();
    }

    @Test
    void callbackThatThrowsOnACompletionThatOpensSomethingLeaksNothing() {
        var path = Bytes.file(directory, "a", 1);
        AtomicInteger told = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            RingFile.open(ring(), path, new RingCallback<>() {
                @Override
                public boolean completed(RingFile file) {
                    told.incrementAndGet();
                    throw new IllegalStateException("of this test");
                }

                @Override
                public void failed(Throwable cause) {}
            });
        }
        eventually("all are told", () -> told.get() == 20);
        eventually("nothing is left open", () -> ring().metrics().openHandles() == 0);
    }

    // Timers.

    /** When a timer is due, as far as it can be known from outside. */
    private record Due(long earliest, long latest) {}

    @Test
    void timersRunInTheOrderOfTheirTimesAndNeverEarly() {
        int count = 2000;
        Random random = new Random(42);
        Due[] due = new Due[count];
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger early = new AtomicInteger();
        CompletableFuture<@Nullable Void> last = new CompletableFuture<>();
        onLoop(ring(), () -> {
            for (int i = 0; i < count; i++) {
                int number = i;
                long delay = random.nextInt(100_000_000);
                long earliest = System.nanoTime() + delay;
                ring().scheduleNanos(delay, () -> {
                    if (System.nanoTime() - earliest < 0) {
                        early.incrementAndGet();
                    }
                    order.add(number);
                    if (order.size() == count) {
                        last.complete(null);
                    }
                });
                due[i] = new Due(earliest, System.nanoTime() + delay);
            }
            return null;
        });
        await(last);
        assertThat(early).hasValue(0);
        for (int i = 1; i < count; i++) {
            assertThat(due[order.get(i)].latest - due[order.get(i - 1)].earliest)
                    .isNotNegative();
        }
    }

    @Test
    void cancelledTimerDoesNotRunAndCancellingSaysWhoWon() {
        AtomicInteger run = new AtomicInteger();
        List<RingTimer> timers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            timers.add(ring().scheduleNanos(i * 10_000L, run::incrementAndGet));
        }
        int cancelled = 0;
        for (RingTimer each : timers) {
            cancelled += each.cancel() ? 1 : 0;
            assertThat(each.cancel()).isFalse();
        }
        int expected = 1000 - cancelled;
        eventually("the others run", () -> run.get() == expected);
        CompletableFuture<@Nullable Void> later = new CompletableFuture<>();
        ring().schedule(Duration.ofMillis(15), () -> later.complete(null));
        await(later);
        assertThat(run).hasValue(expected);
    }

    @Test
    void timersOfExtremeDelaysNeitherRunEarlyNorHang() {
        AtomicInteger run = new AtomicInteger();
        List<RingTimer> far = List.of(
                ring().schedule(Duration.ofSeconds(Long.MAX_VALUE), run::incrementAndGet),
                ring().scheduleNanos(Long.MAX_VALUE, run::incrementAndGet),
                ring().schedule(Duration.ofDays(100_000), run::incrementAndGet));
        CompletableFuture<@Nullable Void> zero = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> negative = new CompletableFuture<>();
        ring().schedule(Duration.ZERO, () -> zero.complete(null));
        ring().schedule(Duration.ofSeconds(Long.MIN_VALUE), () -> negative.complete(null));
        ring().scheduleNanos(Long.MIN_VALUE, () -> {});
        await(zero);
        await(negative);
        assertThat(run).hasValue(0);
        far.forEach(each -> assertThat(each.cancel()).isTrue());
    }

    @Test
    void timerWakesALoopThatWaitsForSomethingElse() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            var receive = pair.ours().receiveAsync(Bytes.direct(1));
            for (int i = 0; i < 20; i++) {
                CompletableFuture<@Nullable Void> rings = new CompletableFuture<>();
                ring().scheduleNanos(100_000, () -> rings.complete(null));
                await(rings);
            }
            receive.cancel(false);
        }
    }

    // Waking and sleeping.

    @Test
    void noWakeupIsLostBetweenManyThreads() {
        int threads = 8;
        int rounds = 3000;
        List<CompletableFuture<Void>> all = new ArrayList<>();
        AtomicInteger run = new AtomicInteger();
        for (int t = 0; t < threads; t++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            all.add(done);
            new Thread(() -> {
                        try {
                            for (int i = 0; i < rounds; i++) {
                                await(CompletableFuture.runAsync(run::incrementAndGet, ring()));
                            }
                            done.complete(null);
                        } catch (Throwable e) {
                            done.completeExceptionally(e);
                        }
                    })
                    .start();
        }
        all.forEach(DriverContract::await);
        assertThat(run).hasValue(threads * rounds);
    }

    @Test
    void wakeupsAreCoalescedWhileTheLoopIsBusy() {
        CompletableFuture<Void> gate = blockLoop(ring());
        long before = ring().metrics().wakeups();
        AtomicInteger run = new AtomicInteger();
        for (int i = 0; i < 10_000; i++) {
            ring().execute(run::incrementAndGet);
        }
        gate.complete(null);
        onLoop(ring(), () -> null);
        assertThat(run).hasValue(10_000);
        assertThat(ring().metrics().wakeups() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void wakeupRacingCloseReachesNobodyElse() {
        for (int round = 0; round < 200; round++) {
            Ring closing = open(options().entries(4));
            List<CompletableFuture<Void>> wakers = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                wakers.add(OwnThread.run(() -> {
                    for (int i = 0; i < 200; i++) {
                        closing.unsafeDriver().wakeup();
                    }
                }));
            }
            closing.close();
            wakers.forEach(DriverContract::await);
        }
    }

    @Test
    void idleLoopDoesNotSpin() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            var receive = pair.ours().receiveAsync(Bytes.direct(1)); // something to wait for
            ring().schedule(Duration.ofHours(1), () -> {});
            onLoop(ring(), () -> null);
            assertThat(turnsWithin(Duration.ofMillis(200))).isLessThan(20);
            receive.cancel(false);
        }
    }

    private long turnsWithin(Duration time) {
        long before = ring().metrics().waits() + ring().metrics().systemCalls();
        CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
        over.completeOnTimeout(null, time.toNanos(), TimeUnit.NANOSECONDS);
        await(over);
        return ring().metrics().waits() + ring().metrics().systemCalls() - before;
    }

    @Test
    void loopThatSomebodyInterruptedNeitherSpinsNorLosesItsConnections() throws IOException {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 64)));
        try (TcpPair pair = TcpPair.accepted(ring())) {
            var receive = pair.ours().receiveAsync(Bytes.direct(1));
            ring().execute(() -> Thread.currentThread().interrupt());
            onLoop(ring(), () -> null);
            assertThat(turnsWithin(Duration.ofMillis(200))).isLessThan(20);
            pair.theirs().getOutputStream().write(1);
            assertThat(await(receive)).isEqualTo(1);
            ring().execute(() -> Thread.currentThread().interrupt());
            assertThat(await(pair.ours().sendAsync(Bytes.direct(1)))).isEqualTo(1);
            assertThat(await(file.readAsync(Bytes.direct(64), 0))).isEqualTo(64);
            assertThat(pair.ours().isOpen()).isTrue();
        }
    }

    @Test
    void dataThatNobodyReadsDoesNotKeepTheLoopBusy() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            var receive = pair.ours().receiveAsync(Bytes.direct(1));
            onLoop(ring(), () -> null);
            pair.theirs().getOutputStream().write(1);
            await(receive);
            pair.theirs().getOutputStream().write(1);
            onLoop(ring(), () -> null);
            assertThat(turnsWithin(Duration.ofMillis(200))).isLessThan(20);
            assertThat(await(pair.ours().receiveAsync(Bytes.direct(1)))).isEqualTo(1);
        }
    }

    // Queues.

    @Test
    void completionQueueThatOverflowsLosesNothing() {
        Ring small = open(options().entries(4).completionEntries(8));
        int count = 1000;
        AtomicInteger told = new AtomicInteger();
        AtomicLong wrong = new AtomicLong();
        CompletableFuture<@Nullable Void> all = new CompletableFuture<>();
        small.execute(() -> {
            for (int i = 0; i < count; i++) {
                Operation nop = small.operation().opCode(OpCode.NOP).progress(i).handler((operation, result, flags) -> {
                    if (result != 0 || flags != 0) {
                        wrong.incrementAndGet();
                    }
                    if (told.incrementAndGet() == count) {
                        all.complete(null);
                    }
                });
                small.submit(nop);
            }
        });
        await(all);
        onLoop(small, () -> null);
        assertThat(told).hasValue(count);
        assertThat(wrong).hasValue(0);
        assertThat(small.metrics().inFlight()).isZero();
        assertThat(small.unsafeDriver().fault()).isNull();
    }

    @Test
    void operationsFromManyThreadsEachReachTheirOwnCallback() {
        Ring small = open(options().entries(4).completionEntries(16));
        int threads = 6;
        int rounds = 2000;
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int base = t * rounds;
            all.add(OwnThread.run(() -> {
                for (int i = 0; i < rounds; i++) {
                    long tag = (long) base + i;
                    CompletableFuture<Long> mine = new CompletableFuture<>();
                    small.submit(small.operation()
                            .opCode(OpCode.NOP)
                            .progress(tag)
                            .callback(mine)
                            .handler((operation, result, flags) -> {
                                if (operation.callback() == mine) {
                                    mine.complete(operation.progress());
                                }
                            }));
                    assertThat(await(mine)).isEqualTo(tag);
                }
            }));
        }
        all.forEach(DriverContract::await);
    }

    @Test
    void operationOutlivesTheThreadThatHandedItIn() throws Exception {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            CompletableFuture<CompletableFuture<Integer>> receive = new CompletableFuture<>();
            Thread shortLived = new Thread(() -> receive.complete(pair.ours().receiveAsync(Bytes.direct(1))));
            shortLived.start();
            shortLived.join();
            onLoop(ring(), () -> null);
            pair.theirs().getOutputStream().write(1);
            assertThat(await(await(receive))).isEqualTo(1);
        }
    }

    @Test
    void handlerThatSubmitsItsOperationAgainIsServedInTheSameObject() {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        AtomicInteger rounds = new AtomicInteger();
        ring().submit(ring().operation().opCode(OpCode.NOP).handler((operation, result, flags) -> {
            if (rounds.incrementAndGet() == 5000) {
                end.complete(result);
            } else {
                operation.ring().submit(operation);
            }
        }));
        assertThat(await(end)).isZero();
    }

    @Test
    void metricsCountWhatWasDone() {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 64)));
        onLoop(ring(), () -> null);
        var before = ring().metrics();
        for (int i = 0; i < 100; i++) {
            await(file.readAsync(Bytes.direct(64), 0));
        }
        onLoop(ring(), () -> null); // a driver may count when it has told
        var after = ring().metrics();
        assertThat(after.driver()).isEqualTo(driverName());
        assertThat(after.completed() - before.completed()).isEqualTo(100);
        assertThat(after.submitted() - before.submitted()).isEqualTo(100);
        assertThat(after.openHandles()).isOne();
        assertThat(after.inFlight()).isZero();
        assertThat(after.systemCalls()).isPositive();
    }
}
