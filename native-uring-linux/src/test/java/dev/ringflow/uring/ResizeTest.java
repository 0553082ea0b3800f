package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_SETUP_DEFER_TASKRUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queues that get other sizes while they are in use. */
@Timeout(60)
class ResizeTest {
    private static Uring resizable(final int entries) throws UringException {
        final Uring ring = Uring.open(UringParams.of(entries));
        final int result = ring.resizeRings(entries, 0);
        if (result == -Errno.EINVAL) {
            ring.close();
            assumeTrue(false, "this kernel cannot resize rings");
        }
        assertThat(result).isZero();
        assertThat(ring.flags() & IORING_SETUP_DEFER_TASKRUN).isNotZero();
        return ring;
    }

    private static void queue(final Uring ring, final long from, final long to) {
        for (long i = from; i < to; i++) {
            ring.getSqe().setData64(i);
        }
    }

    private static void assertSeen(final Uring ring, final int count) {
        final List<Long> expected = LongStream.range(0, count).boxed().toList();
        assertThat(Completion.await(ring, count))
                .extracting(Completion::userData)
                .containsExactlyElementsOf(expected);
    }

    @Test
    void shouldGrow() throws UringException {
        try (Uring ring = resizable(4)) {
            assertThat(ring.sqSpaceLeft()).isEqualTo(4);
            assertThat(ring.resizeRings(64, 256)).isZero();
            assertThat(ring.sqSpaceLeft()).isEqualTo(64);
            queue(ring, 0, 64);
            assertThat(ring.getSqe()).isNull();
            assertSeen(ring, 64);
        }
    }

    @Test
    void shouldKeepWhatIsInTheQueues() throws UringException {
        try (Uring ring = resizable(8)) {
            for (int i = 0; i < 3; i++) { // indices that are not at the start
                ring.getSqe();
            }
            Completion.await(ring, 3);
            queue(ring, 0, 5);
            assertThat(ring.submitAndGetEvents()).isEqualTo(5);
            queue(ring, 5, 8);
            assertThat(ring.resizeRings(32, 64)).isZero();
            assertThat(ring.cqReady()).isEqualTo(5);
            assertThat(ring.sqReady()).isEqualTo(3);
            assertSeen(ring, 8);
        }
    }

    @Test
    void shouldShrink() throws UringException {
        try (Uring ring = resizable(64)) {
            assertThat(ring.resizeRings(2, 4)).isZero();
            assertThat(ring.sqSpaceLeft()).isEqualTo(2);
            queue(ring, 0, 2);
            assertSeen(ring, 2);
        }
    }

    @Test
    void shouldRefuseASizeThatIsTooSmallForWhatIsThere() throws UringException {
        try (Uring ring = resizable(16)) {
            queue(ring, 0, 16);
            assertThat(ring.submitAndGetEvents()).isEqualTo(16);
            assertThat(ring.resizeRings(2, 4)).isEqualTo(-Errno.EOVERFLOW);
            assertThat(ring.cqReady()).as("nothing is lost").isEqualTo(16);
            assertSeen(ring, 16);
        }
    }

    @Test
    void shouldTakeEntriesOfTheOldQueuesAway() throws UringException {
        try (Uring ring = resizable(8)) {
            final Sqe old = ring.getSqe();
            ring.submitAndWait(1);
            final Cqe seen = ring.peekCqe();
            assertThat(ring.resizeRings(16, 0)).isZero();
            assertThatThrownBy(old::prepNop).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(seen::res).isInstanceOf(IllegalStateException.class);
            assertThat(ring.peekCqe().res()).isZero();
        }
    }

    @Test
    void shouldRefuseRingsThatCannotBeResized() throws UringException {
        try (Uring ring = Uring.open(UringParams.of(8).withWishedFlags(0))) {
            assertThat(ring.resizeRings(16, 0)).isEqualTo(-Errno.EINVAL);
            queue(ring, 0, 3);
            assertSeen(ring, 3);
        }
    }
}
