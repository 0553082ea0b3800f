package dev.ringflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InboxTest {
    @Test
    void onlyTheFirstOfferToASleeperHasToWakeIt() {
        Inbox inbox = new Inbox();
        inbox.offer("awake");
        assertThat(inbox.claimWakeup()).isFalse();
        assertThat(inbox.beginSleep()).as("there is work").isFalse();
        assertThat(inbox.poll()).isEqualTo("awake");
        assertThat(inbox.beginSleep()).isTrue();
        inbox.offer("asleep");
        assertThat(inbox.claimWakeup()).isTrue();
        inbox.offer("asleep");
        assertThat(inbox.claimWakeup()).isFalse();
        inbox.endSleep();
        assertThat(inbox.claimWakeup()).isFalse();
    }

    /** A model of the loop: it sleeps on a semaphore, which only whoever claims the wake-up releases. */
    @Test
    void noWakeupIsLostUnderStress() throws Exception {
        Inbox inbox = new Inbox();
        Semaphore bell = new Semaphore(0);
        int producers = 4;
        int each = 200_000;
        AtomicInteger taken = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            threads.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    inbox.offer(i);
                    if (inbox.claimWakeup()) {
                        bell.release();
                    }
                    if (i % 64 == 0) {
                        LockSupport.parkNanos(1); // lets the sleeper fall asleep now and then
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        while (taken.get() < producers * each) {
            while (inbox.poll() != null) {
                taken.incrementAndGet();
            }
            if (taken.get() < producers * each && inbox.beginSleep()) {
                assertThat(bell.tryAcquire(30, TimeUnit.SECONDS))
                        .as("woken after %d", taken.get())
                        .isTrue();
            }
            inbox.endSleep();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(inbox.isEmpty()).isTrue();
    }

    @Test
    void whatIsOfferedWhileItClosesIsRefusedOrGivenToTheRest() throws Exception {
        for (int round = 0; round < 2000; round++) {
            Inbox inbox = new Inbox();
            Queue<Object> rest = new ConcurrentLinkedQueue<>();
            AtomicInteger accepted = new AtomicInteger();
            CyclicBarrier barrier = new CyclicBarrier(3);
            List<Thread> threads = new ArrayList<>();
            for (int p = 0; p < 2; p++) {
                Thread producer = new Thread(() -> {
                    try {
                        barrier.await();
                        for (int i = 0; i < 50 && inbox.offer(i); i++) {
                            accepted.incrementAndGet();
                        }
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
                threads.add(producer);
                producer.start();
            }
            barrier.await();
            inbox.close(rest::add);
            for (Thread each : threads) {
                each.join();
            }
            assertThat(rest).hasSize(accepted.get());
            assertThat(inbox.offer("late")).isFalse();
        }
    }
}
