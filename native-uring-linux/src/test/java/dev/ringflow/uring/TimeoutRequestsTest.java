package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_LINK_TIMEOUT_UPDATE;
import static dev.ringflow.uring.UringConstants.IORING_TIMEOUT_ABS;
import static dev.ringflow.uring.UringConstants.IORING_TIMEOUT_BOOTTIME;
import static dev.ringflow.uring.UringConstants.IORING_TIMEOUT_ETIME_SUCCESS;
import static dev.ringflow.uring.UringConstants.IORING_TIMEOUT_IMMEDIATE_ARG;
import static dev.ringflow.uring.UringConstants.IORING_TIMEOUT_MULTISHOT;
import static dev.ringflow.uring.UringConstants.IORING_TIMEOUT_REALTIME;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.struct.Timespec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Timeouts: kinds of time, counts, repetition, updates, removals that race with the expiry. */
@Timeout(60)
class TimeoutRequestsTest {
    private static final long MILLIS = 1_000_000L;
    private static final long LONG = 3_600_000 * MILLIS;

    private Uring ring;
    private int[] pipe;
    private final ByteBuffer buffer = Memory.allocate(64, 8);

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(64);
        pipe = Native.pipe();
    }

    @AfterEach
    void close() {
        ring.close();
        Native.close(pipe);
    }

    private static ByteBuffer time(final long nanos) {
        final ByteBuffer time = Memory.allocate(Timespec.SIZE, 8);
        Timespec.setNanos(time, 0, nanos);
        return time;
    }

    private Sqe sqe(final long userData) {
        final Sqe sqe = ring.getSqe();
        sqe.setData64(userData);
        return sqe;
    }

    private static List<Integer> results(final List<Completion> completions) {
        return completions.stream().map(Completion::res).toList();
    }

    /** The result of a request that may be refused for a flag that the kernel does not know: then skips the test. */
    private void assumeAccepted(final String what) {
        ring.submitAndGetEvents();
        final Cqe early = ring.peekCqe();
        assumeTrue(early == null || early.res() != -Errno.EINVAL, "this kernel has no " + what);
    }

    /** L14. */
    @Test
    void shouldFireAfterTheTimeAndNotMuchLater() {
        final long start = System.nanoTime();
        sqe(1).prepTimeout(time(200 * MILLIS), 0, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ETIME);
        assertThat(System.nanoTime() - start).isBetween(200 * MILLIS, 10_000 * MILLIS);
    }

    /** L14. */
    @Test
    void shouldFireManyInTheOrderOfTheirTimes() {
        for (int i = 0; i < 5; i++) {
            sqe(i).prepTimeout(time((5 - i) * 20 * MILLIS), 0, 0);
        }
        final List<Completion> completions = Completion.await(ring, 5);
        assertThat(completions).extracting(Completion::userData).containsExactly(4L, 3L, 2L, 1L, 0L);
        assertThat(results(completions)).containsOnly(-Errno.ETIME);
    }

    /** L14: by CLOCK_MONOTONIC, which System.nanoTime() reads. */
    @Test
    void shouldFireAtAPointInTime() {
        final long due = System.nanoTime() + 50 * MILLIS;
        sqe(1).prepTimeout(time(due), 0, IORING_TIMEOUT_ABS);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ETIME);
        assertThat(System.nanoTime()).isGreaterThanOrEqualTo(due);

        sqe(2).prepTimeout(time(1), 0, IORING_TIMEOUT_ABS);
        assertThat(Completion.awaitResult(ring)).as("long past").isEqualTo(-Errno.ETIME);
    }

    /** L14: by CLOCK_REALTIME, the time of day. */
    @Test
    void shouldFireAtATimeOfDay() {
        sqe(1).prepTimeout(time(MILLIS), 0, IORING_TIMEOUT_REALTIME);
        final int relative = Completion.awaitResult(ring);
        assumeTrue(relative != -Errno.EINVAL, "this kernel has no IORING_TIMEOUT_REALTIME");
        assertThat(relative).isEqualTo(-Errno.ETIME);

        final Instant due = Instant.now().plusMillis(50);
        final ByteBuffer time = Memory.allocate(Timespec.SIZE, 8);
        Timespec.set(time, 0, due.getEpochSecond(), due.getNano());
        sqe(2).prepTimeout(time, 0, IORING_TIMEOUT_ABS | IORING_TIMEOUT_REALTIME);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ETIME);
        assertThat(Instant.now()).isAfterOrEqualTo(due);
    }

    /** L14: by CLOCK_BOOTTIME. */
    @Test
    void shouldFireByTheTimeSinceBoot() {
        final long start = System.nanoTime();
        sqe(1).prepTimeout(time(20 * MILLIS), 0, IORING_TIMEOUT_BOOTTIME);
        final int result = Completion.awaitResult(ring);
        assumeTrue(result != -Errno.EINVAL, "this kernel has no IORING_TIMEOUT_BOOTTIME");
        assertThat(result).isEqualTo(-Errno.ETIME);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20 * MILLIS);

        sqe(2).prepTimeout(time(MILLIS), 0, IORING_TIMEOUT_BOOTTIME | IORING_TIMEOUT_REALTIME);
        assertThat(Completion.awaitResult(ring)).as("two clocks").isEqualTo(-Errno.EINVAL);
    }

    /** L14. */
    @Test
    void shouldTakeTheTimeFromTheEntryItself() {
        final long start = System.nanoTime();
        sqe(1).prepTimeout(20 * MILLIS, 0, IORING_TIMEOUT_IMMEDIATE_ARG);
        final int result = Completion.awaitResult(ring);
        assumeTrue(result != -Errno.EINVAL, "this kernel has no IORING_TIMEOUT_IMMEDIATE_ARG");
        assertThat(result).isEqualTo(-Errno.ETIME);
        assertThat(System.nanoTime() - start).isBetween(20 * MILLIS, 10_000 * MILLIS);

        sqe(2).prepTimeout(LONG, 0, IORING_TIMEOUT_IMMEDIATE_ARG);
        ring.submit();
        sqe(3).prepTimeoutUpdate(5 * MILLIS, 2, IORING_TIMEOUT_IMMEDIATE_ARG);
        assertThat(results(Completion.awaitSorted(ring, 2))).containsExactly(-Errno.ETIME, 0);

        final Sqe read = sqe(4);
        read.prepRead(pipe[0], Memory.address(buffer), 8, -1);
        read.setFlags(IOSQE_IO_LINK);
        sqe(5).prepLinkTimeout(5 * MILLIS, IORING_TIMEOUT_IMMEDIATE_ARG);
        final List<Completion> both = Completion.awaitSorted(ring, 2);
        assertThat(both.get(0).res()).isIn(-Errno.ECANCELED, -Errno.EINTR);
        assertThat(both.get(1).res()).isIn(-Errno.ETIME, -Errno.EALREADY);
    }

    /** L15. */
    @Test
    void shouldEndByTheNumberOfOtherCompletions() {
        sqe(1).prepTimeout(time(LONG), 2, 0);
        sqe(2).prepNop();
        sqe(3).prepNop();
        assertThat(results(Completion.awaitSorted(ring, 3))).containsExactly(0, 0, 0);

        sqe(4).prepTimeout(time(5 * MILLIS), 2, 0);
        sqe(5).prepNop();
        assertThat(Completion.awaitSorted(ring, 2))
                .as("one is not enough")
                .containsExactly(new Completion(4, -Errno.ETIME, 0), new Completion(5, 0, 0));
    }

    /** L16. */
    @Test
    void shouldRemoveATimeout() {
        sqe(1).prepTimeout(time(LONG), 0, 0);
        ring.submit();
        sqe(2).prepTimeoutRemove(1, 0);
        assertThat(results(Completion.awaitSorted(ring, 2))).containsExactly(-Errno.ECANCELED, 0);
        sqe(3).prepTimeoutRemove(1, 0);
        assertThat(Completion.awaitResult(ring)).as("gone").isEqualTo(-Errno.ENOENT);

        sqe(4).prepTimeout(time(20 * MILLIS), 0, 0);
        ring.submit();
        sqe(5).prepTimeoutRemove(44, 0);
        assertThat(results(Completion.awaitSorted(ring, 2)))
                .as("another goes its way")
                .containsExactly(-Errno.ETIME, -Errno.ENOENT);
        sqe(6).prepTimeoutRemove(1, IORING_TIMEOUT_ABS);
        assertThat(Completion.awaitResult(ring)).as("flags").isEqualTo(-Errno.EINVAL);
    }

    /** L16: whoever wins, the timeout completes once, and the two completions agree. */
    @Test
    void shouldAgreeWhoWonWhenARemovalRacesWithTheExpiry() {
        int removed = 0;
        int fired = 0;
        for (int round = 0; round < 200; round++) {
            sqe(1).prepTimeout(time(round % 4 * 30_000L), 0, 0);
            ring.submit();
            if (round % 2 == 0) {
                ring.getEvents();
            }
            sqe(2).prepTimeoutRemove(1, 0);
            final List<Integer> both = results(Completion.awaitSorted(ring, 2));
            if (both.get(1) == 0) {
                assertThat(both.get(0)).isEqualTo(-Errno.ECANCELED);
                removed++;
            } else {
                assertThat(both.get(1)).isIn(-Errno.ENOENT, -Errno.EALREADY, -Errno.EBUSY);
                assertThat(both.get(0)).isEqualTo(-Errno.ETIME);
                fired++;
            }
        }
        assertThat(removed + fired).isEqualTo(200);
    }

    /** L19. */
    @Test
    void shouldGoOnWithAChainWhenAnExpiryCountsAsSuccess() {
        sqe(9).prepTimeout(time(1), 0, IORING_TIMEOUT_ETIME_SUCCESS);
        final int alone = Completion.awaitResult(ring);
        assumeTrue(alone != -Errno.EINVAL, "this kernel has no IORING_TIMEOUT_ETIME_SUCCESS");
        assertThat(alone).isEqualTo(-Errno.ETIME);
        final Sqe timer = sqe(1);
        timer.prepTimeout(time(5 * MILLIS), 0, IORING_TIMEOUT_ETIME_SUCCESS);
        timer.setFlags(IOSQE_IO_LINK);
        sqe(2).prepNop();
        assertThat(results(Completion.awaitSorted(ring, 2))).containsExactly(-Errno.ETIME, 0);
    }

    @Test
    void shouldFireAsOftenAsAsked() {
        final long start = System.nanoTime();
        sqe(1).prepTimeout(time(10 * MILLIS), 4, IORING_TIMEOUT_MULTISHOT);
        assumeAccepted("multishot timeouts");
        final List<Completion> shots = Completion.await(ring, 4);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(40 * MILLIS);
        assertThat(results(shots)).containsOnly(-Errno.ETIME);
        assertThat(shots).extracting(Completion::hasMore).containsExactly(true, true, true, false);
        assertThat(ring.waitCqeTimeout(30 * MILLIS)).as("no fifth").isEqualTo(-Errno.ETIME);
    }

    @Test
    void shouldFireUntilRemoved() {
        sqe(1).prepTimeout(time(2 * MILLIS), 0, IORING_TIMEOUT_MULTISHOT);
        assumeAccepted("multishot timeouts");
        for (int i = 0; i < 8; i++) {
            ring.waitCqe();
            final Cqe shot = ring.peekCqe();
            assertThat(shot.res()).isEqualTo(-Errno.ETIME);
            assertThat(shot.hasMore()).isTrue();
            ring.cqeSeen(shot);
        }
        final List<Completion> seen = new ArrayList<>();
        do { // between two shots there is nothing to remove
            sqe(2).prepTimeoutRemove(1, 0);
            seen.addAll(Completion.awaitUserData(ring, 2));
        } while (!seen.contains(new Completion(2, 0, 0)));
        while (seen.stream().allMatch(completion -> completion.userData() == 2 || completion.hasMore())) {
            ring.waitCqe();
            ring.forEachCqe((userData, res, flags) -> seen.add(new Completion(userData, res, flags)));
        }
        assertThat(seen)
                .filteredOn(completion -> completion.userData() == 1 && !completion.hasMore())
                .extracting(Completion::res)
                .containsExactly(-Errno.ECANCELED);
        assertThat(ring.waitCqeTimeout(10 * MILLIS)).isEqualTo(-Errno.ETIME);

        sqe(3).prepTimeout(time(MILLIS), 0, IORING_TIMEOUT_MULTISHOT | IORING_TIMEOUT_ABS);
        assertThat(Completion.awaitResult(ring))
                .as("again and again at one point in time")
                .isEqualTo(-Errno.EINVAL);
    }

    @Test
    void shouldUpdateATimeout() {
        sqe(1).prepTimeout(time(LONG), 0, 0);
        ring.submit();
        sqe(2).prepTimeoutUpdate(time(10 * MILLIS), 1, 0);
        assumeUpdated(1);
        assertThat(Completion.await(ring, 1)).containsExactly(new Completion(1, -Errno.ETIME, 0));

        sqe(3).prepTimeout(time(LONG), 0, 0);
        ring.submit();
        final long due = System.nanoTime() + 20 * MILLIS;
        sqe(4).prepTimeoutUpdate(time(due), 3, IORING_TIMEOUT_ABS);
        assertThat(results(Completion.awaitSorted(ring, 2))).containsExactly(-Errno.ETIME, 0);
        assertThat(System.nanoTime()).isGreaterThanOrEqualTo(due);

        sqe(5).prepTimeoutUpdate(time(MILLIS), 1, 0);
        assertThat(Completion.awaitResult(ring)).as("gone").isEqualTo(-Errno.ENOENT);
    }

    /** The result of an update; where the kernel has none, ends the timeout and skips the test. */
    private void assumeUpdated(final long timeout) {
        final int updated = Completion.await(ring, 1).get(0).res();
        if (updated == -Errno.EINVAL) {
            sqe(90).prepTimeoutRemove(timeout, 0);
            Completion.await(ring, 2);
            assumeTrue(false, "this kernel cannot update timeouts");
        }
        assertThat(updated).isZero();
    }

    @Test
    void shouldUpdateALinkTimeout() {
        final Sqe read = sqe(1);
        read.prepRead(pipe[0], Memory.address(buffer), 8, -1);
        read.setFlags(IOSQE_IO_LINK);
        sqe(2).prepLinkTimeout(time(LONG), 0);
        ring.submit();
        sqe(3).prepTimeoutUpdate(time(10 * MILLIS), 2, IORING_LINK_TIMEOUT_UPDATE);
        final int updated = Completion.await(ring, 1).get(0).res();
        if (updated == -Errno.EINVAL) {
            Native.write(pipe[1], "8 bytes!");
            Completion.await(ring, 2);
            assumeTrue(false, "this kernel cannot update link timeouts");
        }
        assertThat(updated).isZero();
        final List<Completion> both = Completion.awaitSorted(ring, 2);
        assertThat(both.get(0).res()).isIn(-Errno.ECANCELED, -Errno.EINTR);
        assertThat(both.get(1).res()).isIn(-Errno.ETIME, -Errno.EALREADY);

        sqe(4).prepTimeoutUpdate(time(MILLIS), 2, IORING_LINK_TIMEOUT_UPDATE);
        assertThat(Completion.awaitResult(ring)).as("gone").isEqualTo(-Errno.ENOENT);
    }

    @Test
    void shouldRefuseTimesThatAreNone() {
        final ByteBuffer negative = Memory.allocate(Timespec.SIZE, 8);
        Timespec.set(negative, 0, -1, 0);
        sqe(1).prepTimeout(8, 0, 0);
        assertThat(Completion.awaitResult(ring)).as("address").isEqualTo(-Errno.EFAULT);
        sqe(2).prepTimeout(time(MILLIS), 0, 1 << 30);
        assertThat(Completion.awaitResult(ring)).as("flag").isEqualTo(-Errno.EINVAL);
        sqe(3).prepTimeout(negative, 0, 0);
        ring.submit();
        sqe(4).prepTimeoutRemove(3, 0);
        assertThat(Completion.awaitSorted(ring, 2).get(0).res())
                .as("negative; before 5.11 that is a long time")
                .isIn(-Errno.EINVAL, -Errno.ECANCELED);

        final Sqe sqe = sqe(5);
        sqe.prepNop();
        assertThatThrownBy(() -> sqe.prepTimeout(Memory.allocate(8, 8), 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16 bytes");
        assertThatThrownBy(() -> sqe.prepTimeout(ByteBuffer.allocate(16), 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        for (final int flags : new int[] {IORING_TIMEOUT_IMMEDIATE_ARG, IORING_TIMEOUT_IMMEDIATE_ARG | 1}) {
            assertThatThrownBy(() -> sqe.prepTimeout(time(1), 0, flags)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> sqe.prepLinkTimeout(time(1), flags)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> sqe.prepTimeoutUpdate(time(1), 9, flags))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Completion.awaitResult(ring)).as("the entry is as it was").isZero();
    }

    @Test
    void shouldTakeTheTimeAtTheBuffersPosition() {
        final ByteBuffer times = Memory.allocate(3 * Timespec.SIZE, 8);
        Timespec.setNanos(times, 0, LONG);
        Timespec.setNanos(times, Timespec.SIZE, MILLIS);
        Timespec.setNanos(times, 2 * Timespec.SIZE, LONG);
        times.position(Timespec.SIZE);
        sqe(1).prepTimeout(times, 0, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ETIME);
        assertThat(times.position()).isEqualTo(Timespec.SIZE);
    }
}
