package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_SQPOLL_NONFIXED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A ring whose entries are taken by a kernel thread. */
@Timeout(60)
class UringSqpollTest {
    private static final UringParams POLLED = UringParams.of(8).withSqThreadIdle(1);

    @Test
    void shouldWakeTheThreadThatWentToSleep() throws Exception {
        try (Uring ring = Uring.open(POLLED)) {
            Native.assumeFeature(ring, IORING_FEAT_SQPOLL_NONFIXED);
            for (int i = 0; i < 20; i++) {
                TimeUnit.MILLISECONDS.sleep(10); // ten times its idle time
                ring.getSqe().setData64(i);

                assertThat(ring.submit()).isEqualTo(1);

                assertThat(ring.waitCqeTimeout(2_000_000_000L))
                        .as("round %s", i)
                        .isZero();
                assertThat(ring.peekCqe().userData()).isEqualTo(i);
                ring.cqeSeen(ring.peekCqe());
            }
        }
    }

    @Test
    void shouldLoseNoEntryWhenTheThreadFallsAsleepMeanwhile() throws Exception {
        try (Uring ring = Uring.open(POLLED)) {
            Native.assumeFeature(ring, IORING_FEAT_SQPOLL_NONFIXED);
            final long[] sum = new long[1];
            for (int i = 1; i <= 2000; i++) {
                ring.getSqe().setData64(i);
                ring.submit();
                assertThat(ring.waitCqeTimeout(2_000_000_000L))
                        .as("entry %s", i)
                        .isZero();
                ring.forEachCqe((userData, res, flags) -> sum[0] += userData);
                if (i % 100 == 0) {
                    TimeUnit.MILLISECONDS.sleep(1); // its idle time: the race
                }
            }
            assertThat(sum[0]).isEqualTo(2000L * 2001 / 2);
        }
    }

    @Test
    void shouldWaitForRoomInTheQueue() throws Exception {
        try (Uring ring = Uring.open(POLLED)) {
            for (int i = 0; i < 1000; i++) {
                Sqe sqe = ring.getSqe();
                if (sqe == null) {
                    ring.submit();
                    assertThat(ring.sqringWait()).isNotNegative();
                    sqe = ring.getSqe();
                }
                assertThat(sqe).as("there is room after the wait").isNotNull();
                ring.forEachCqe((userData, res, flags) -> {});
            }
        }
    }

    @Test
    void shouldLeaveNoKernelThreadBehind() throws Exception {
        try (Uring ring = Uring.open(POLLED)) {
            ring.getSqe().prepNop();
            assertThat(ring.submitAndWait(1)).isEqualTo(1);
        }
        for (int i = 0; i < 100 && hasPollThread(); i++) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(hasPollThread()).isFalse();
    }

    private static boolean hasPollThread() throws Exception {
        return Native.threads().stream().anyMatch(name -> name.startsWith("iou-sqp"));
    }

    /** X7: the flag by itself, without a submit that clears it. */
    @Test
    void shouldShowThatTheThreadSleeps() throws Exception {
        try (Uring ring = Uring.open(POLLED)) {
            ring.getSqe();
            assertThat(Completion.awaitResult(ring)).isZero();
            final long start = System.nanoTime();
            while (ring.wakeup() == 0) {
                assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
                TimeUnit.MILLISECONDS.sleep(1);
            }
            assertThat(ring.wakeup()).isEqualTo(UringConstants.IORING_ENTER_SQ_WAKEUP);
            ring.getSqe().setData64(3);
            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(3, 0, 0));
        }
    }

    /** X7: a close that the thread made is done when its completion is there. */
    @Test
    void shouldHaveClosedAFileWhenTheCompletionIsThere() throws Exception {
        try (Uring ring = Uring.open(POLLED)) {
            Native.assumeFeature(ring, IORING_FEAT_SQPOLL_NONFIXED);
            for (int i = 0; i < 20; i++) {
                final int[] pipe = Native.pipe();
                ring.getSqe().prepClose(pipe[1]);
                assertThat(Completion.awaitResult(ring)).isZero();
                assertThat(dev.ringflow.uring.internal.LibC.read(pipe[0], Memory.address(Memory.allocate(1, 1)), 1))
                        .as("the reader sees the end")
                        .isZero();
                Native.close(pipe[0]);
            }
        }
    }

    /** S10: with a kernel thread that submits, the single issuer is that thread. */
    @Test
    void shouldLetAnyThreadWakeAPolledRingOfASingleIssuer() throws Exception {
        Native.assumeSetup(UringConstants.IORING_SETUP_SINGLE_ISSUER);
        try (Uring ring = Uring.open(POLLED.withFlags(UringConstants.IORING_SETUP_SINGLE_ISSUER))) {
            final int[] submitted = new int[1];
            final Thread other = new Thread(() -> {
                ring.getSqe().setData64(4);
                submitted[0] = ring.submit();
            });
            other.start();
            other.join();
            assertThat(submitted[0]).isEqualTo(1);
            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(4, 0, 0));
        }
    }
}
