package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.BufferPoolOptions;
import dev.ringflow.buffer.RingBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Waiting for a buffer: each in his turn, and none is lost, whoever gives up, closes or races. */
public abstract class PoolWaitingContract extends DriverContract {
    /** For subclasses. */
    protected PoolWaitingContract() {}

    private BufferPool poolOfOne() {
        return ring().bufferPool(BufferPoolOptions.builder()
                .bufferSize(64)
                .slabSize(1)
                .initialSlabs(1)
                .maxSlabs(1)
                .build());
    }

    @Test
    void whoComesFirstIsServedFirst() {
        try (BufferPool pool = poolOfOne()) {
            RingBuffer held = await(pool.acquireAsync());
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            List<CompletableFuture<@Nullable Void>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int number = i;
                all.add(pool.acquireAsync().thenAccept(lease -> {
                    order.add(number);
                    lease.close();
                }));
            }
            assertThat(pool.statistics().waiting()).isEqualTo(50);
            held.close();
            all.forEach(DriverContract::await);
            assertThat(order).isSorted().hasSize(50);
            assertThat(pool.available()).isOne();
        }
    }

    @Test
    void nobodyOvertakesThoseWhoWait() {
        try (BufferPool pool = poolOfOne()) {
            RingBuffer held = pool.acquire();
            CompletableFuture<RingBuffer> waiting = pool.acquireAsync();
            CompletableFuture<Void> gate = blockLoop(ring());
            held.close();
            assertThat(pool.tryAcquire())
                    .as("it is on its way to the one who waits")
                    .isNull();
            RingBuffer plain = pool.acquire();
            assertThat(plain.isPooled()).isFalse();
            plain.close();
            gate.complete(null);
            RingBuffer his = await(waiting);
            assertThat(his.isPooled()).isTrue();
            his.close();
        }
    }

    @Test
    void whoGivesUpLeavesTheLine() {
        try (BufferPool pool = poolOfOne()) {
            RingBuffer held = pool.acquire();
            List<CompletableFuture<RingBuffer>> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(pool.acquireAsync());
            }
            all.get(0).cancel(false);
            all.get(2).cancel(false);
            CompletableFuture<RingBuffer> late = all.get(4).orTimeout(1, TimeUnit.MILLISECONDS);
            assertThat(failureOf(late)).isInstanceOf(TimeoutException.class);
            assertThat(failureOf(all.get(0))).isInstanceOf(CancellationException.class);
            eventually("only two wait", () -> pool.statistics().waiting() == 2);
            held.close();
            await(all.get(1)).close();
            await(all.get(3)).close();
            assertThat(pool.available()).isOne();
        }
    }

    @Test
    void bufferOnItsWayToOneWhoGivesUpGoesOn() {
        try (BufferPool pool = poolOfOne()) {
            RingBuffer held = pool.acquire();
            CompletableFuture<RingBuffer> first = pool.acquireAsync();
            CompletableFuture<RingBuffer> second = pool.acquireAsync();
            CompletableFuture<Void> gate = blockLoop(ring());
            held.close();
            first.cancel(false);
            gate.complete(null);
            await(second).close();
            assertThat(pool.available()).isOne();
        }
    }

    @Test
    void cancellingInARaceWithArrivalLosesNoBuffer() throws Exception {
        try (BufferPool pool = poolOfOne()) {
            CyclicBarrier start = new CyclicBarrier(2);
            for (int i = 0; i < 500; i++) {
                RingBuffer held = pool.acquire();
                assertThat(held.isPooled()).as("round " + i).isTrue();
                CompletableFuture<RingBuffer> waiting = pool.acquireAsync();
                CompletableFuture<Void> closing = OwnThread.run(() -> {
                    meet(start);
                    held.close();
                });
                meet(start);
                if (!waiting.cancel(false)) {
                    await(waiting).close();
                }
                await(closing);
                eventually("it is back", () -> pool.available() == 1);
            }
            assertThat(pool.statistics().fallbacks()).isZero();
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void closingThePoolTellsThoseWhoWait() {
        BufferPool pool = poolOfOne();
        RingBuffer held = pool.acquire();
        CompletableFuture<RingBuffer> waiting = pool.acquireAsync();
        pool.close();
        assertThat(failureOf(waiting)).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        held.close();
        assertThat(failureOf(pool.acquireAsync())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whoWaitsIsToldOnTheLoopThread() {
        try (BufferPool pool = poolOfOne()) {
            RingBuffer held = pool.acquire();
            CompletableFuture<Boolean> told = pool.acquireAsync().thenApply(lease -> {
                lease.close();
                return ring().isLoopThread();
            });
            held.close();
            assertThat(await(told)).isTrue();
        }
    }

    @Test
    void bufferThatComesBackAfterTheRingClosedStillReachesTheNext() {
        BufferPool pool = poolOfOne();
        RingBuffer held = pool.acquire();
        CompletableFuture<RingBuffer> waiting = pool.acquireAsync();
        await(ring().closeAsync());
        held.close();
        await(waiting).close();
        pool.close();
    }

    @Test
    void longLineOfThoseWhoGiveBackAtOnceNeedsNoStack() {
        try (BufferPool pool = poolOfOne()) {
            RingBuffer held = pool.acquire();
            List<CompletableFuture<@Nullable Void>> all = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                all.add(pool.acquireAsync().thenAccept(RingBuffer::close));
            }
            held.close();
            all.forEach(DriverContract::await);
            assertThat(pool.available()).isOne();
        }
    }

    @Test
    void manyThreadsNeverShareABufferWhileThePoolGrowsAndIsExhausted() {
        try (BufferPool pool = ring().bufferPool(BufferPoolOptions.builder()
                .bufferSize(64)
                .slabSize(2)
                .initialSlabs(1)
                .maxSlabs(8)
                .build())) {
            AtomicInteger plain = new AtomicInteger();
            CyclicBarrier start = new CyclicBarrier(6);
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int number = i;
                threads.add(CompletableFuture.runAsync(() -> churn(pool, number, plain, start), this::newThread));
            }
            threads.forEach(DriverContract::await);
            assertThat(pool.statistics().slabs()).isEqualTo(8);
            assertThat(pool.available()).isEqualTo(pool.count()).isEqualTo(16);
            assertThat(pool.statistics().waiting()).isZero();
            if (pool.statistics().registeredSlabs() == 8
                    || !ring().capabilities().registeredBuffers()) {
                assertThat(pool.statistics().fallbacks()).isEqualTo(plain.get());
            }
            List<RingBuffer> all = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                all.add(java.util.Objects.requireNonNull(pool.tryAcquire()));
            }
            assertThat(pool.tryAcquire()).isNull();
            all.forEach(RingBuffer::close);
        }
    }

    private void newThread(Runnable task) {
        Thread thread = new Thread(task, "churn");
        thread.setDaemon(true);
        thread.start();
    }

    /** Marks each buffer that it is given, and finds the marks unharmed when it gives the buffer back. */
    private static void churn(BufferPool pool, int thread, AtomicInteger plain, CyclicBarrier start) {
        Random random = new Random(thread);
        List<RingBuffer> mine = new ArrayList<>();
        long mark = (long) thread << 32;
        meet(start);
        for (int i = 0; i < 4000; i++) {
            if (i == 4) {
                meet(start); // with four buffers each: all are out
            } else if (i > 4 && mine.size() > random.nextInt(6)) {
                RingBuffer lease = mine.remove(random.nextInt(mine.size()));
                assertThat(lease.byteBuffer().getLong(8) >>> 32).isEqualTo(thread);
                lease.close();
                continue;
            }
            RingBuffer lease = i < 4 ? pool.acquire() : take(pool, random.nextInt(3), mine.isEmpty());
            if (lease != null) {
                plain.addAndGet(lease.isPooled() ? 0 : 1);
                lease.byteBuffer().putLong(8, mark | i);
                mine.add(lease);
            }
        }
        mine.forEach(RingBuffer::close);
    }

    /** Waits only with empty hands, so that nobody waits for himself. */
    private static @Nullable RingBuffer take(BufferPool pool, int way, boolean mayWait) {
        if (way == 0) {
            return pool.acquire();
        }
        return way == 1 && mayWait ? await(pool.acquireAsync()) : pool.tryAcquire();
    }
}
