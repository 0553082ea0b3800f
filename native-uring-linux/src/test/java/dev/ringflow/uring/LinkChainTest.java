package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_SQPOLL_NONFIXED;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Chains stay whole: a submit between two of its entries ends one. */
@Timeout(60)
class LinkChainTest {
    private static final int NO_SUCH_GROUP = 4321;

    private static void chain(final Uring ring, final int length, final long userData) {
        for (int i = 0; i < length; i++) {
            final Sqe sqe = ring.getSqe();
            if (i == 0) {
                sqe.prepRemoveBuffers(1, NO_SUCH_GROUP); // fails: what is linked to it must not run
            } else {
                sqe.prepNop();
            }
            sqe.setFlags(i < length - 1 ? IOSQE_IO_LINK : 0);
            sqe.setData64(userData + i);
        }
    }

    private static void assertEndedWhole(final List<Completion> chain) {
        assertThat(chain.get(0).res()).isEqualTo(-Errno.ENOENT);
        assertThat(chain.subList(1, chain.size()))
                .as("the rest of the chain")
                .allMatch(completion -> completion.res() == -Errno.ECANCELED);
    }

    @Test
    void shouldTellWhetherAChainFits() throws UringException {
        try (Uring ring = Uring.open(8)) {
            for (int i = 0; i < 5; i++) {
                ring.getSqe().setData64(i);
            }
            assertThat(ring.sqSpaceLeft()).as("a chain of four does not fit").isEqualTo(3);
            ring.submit();
            assertThat(ring.sqSpaceLeft()).isEqualTo(8);
            chain(ring, 4, 10);
            assertThat(ring.sqSpaceLeft()).isEqualTo(4);

            assertEndedWhole(Completion.awaitSorted(ring, 9).subList(5, 9));
        }
    }

    @Test
    void shouldTakeAChainThatFillsTheQueue() throws UringException {
        try (Uring ring = Uring.open(8)) {
            for (int round = 0; round < 3; round++) {
                ring.getSqe().prepNop(); // so that the chain goes around the end of the ring
                Completion.await(ring, 1);
                chain(ring, 8, 100);
                assertThat(ring.getSqe()).isNull();
                assertEndedWhole(Completion.awaitSorted(ring, 8));
            }
        }
    }

    /** What {@link Uring#sqSpaceLeft()} is for: the second half runs, as if it were a chain of its own. */
    @Test
    void shouldEndAChainThatASubmitCutsInTwo() throws UringException {
        try (Uring ring = Uring.open(8)) {
            final Sqe first = ring.getSqe();
            first.prepRemoveBuffers(1, NO_SUCH_GROUP);
            first.setFlags(IOSQE_IO_LINK);
            first.setData64(1);
            ring.submit();
            ring.getSqe().setData64(2);
            assertThat(Completion.awaitSorted(ring, 2))
                    .extracting(Completion::res)
                    .containsExactly(-Errno.ENOENT, 0);
        }
    }

    /** The tail is published once for all that was queued, so the polling thread never sees half a chain. */
    @Test
    void shouldPublishChainsWholeToThePollingThread() throws UringException {
        try (Uring ring = Uring.open(UringParams.of(8).withSqThreadIdle(100))) {
            Native.assumeFeature(ring, IORING_FEAT_SQPOLL_NONFIXED);
            for (int round = 0; round < 2000; round++) {
                final long start = System.nanoTime();
                while (ring.sqSpaceLeft() < 8) {
                    assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
                    Thread.onSpinWait();
                }
                chain(ring, 8, 0);
                assertEndedWhole(Completion.awaitSorted(ring, 8));
            }
        }
    }
}
