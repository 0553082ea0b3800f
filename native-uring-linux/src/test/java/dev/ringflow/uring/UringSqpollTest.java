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
}
