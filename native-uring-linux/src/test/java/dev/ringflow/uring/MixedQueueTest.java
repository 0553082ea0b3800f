package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_EXT_ARG;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE_MIXED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_SQARRAY;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE_MIXED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQ_REWIND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues with entries of two sizes, and one that rewinds, on a kernel of our own making; indices start anywhere. */
class MixedQueueTest {
    private static CompletionQueue mixed(final FakeRing ring) {
        return ring.completionQueue();
    }

    private static FakeRing mixedRing(final int start) {
        return new FakeRing(start, IORING_SETUP_CQE_MIXED, IORING_FEAT_EXT_ARG);
    }

    /** X13. */
    @ParameterizedTest
    @ValueSource(ints = {0, 7, 0x7FFFFFFD, 0x7FFFFFFE, 0x7FFFFFFF, 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF})
    void shouldVisitBothSizesAcrossTheEndAndNoFiller(final int start) {
        final FakeRing ring = mixedRing(start);
        final CompletionQueue queue = mixed(ring);
        for (int round = 0; round < 20; round++) {
            ring.post(round, 1);
            ring.postBig(1000 + round, 2, 11, 22);
            ring.post(2000 + round, 3);
            assertThat(queue.shown()).isEqualTo(3);
            final List<Long> seen = new ArrayList<>();
            assertThat(queue.forEach((userData, res, flags) -> seen.add(userData)))
                    .isEqualTo(3);
            assertThat(seen).containsExactly((long) round, 1000L + round, 2000L + round);
            assertThat(ring.head()).as("all slots are given back").isEqualTo(ring.tail());
        }
    }

    /** X13. */
    @ParameterizedTest
    @ValueSource(ints = {0, 6, 7, 0x7FFFFFFF, 0xFFFFFFFF})
    void shouldShowTheSecondHalfAndAdvanceByEntries(final int start) {
        final FakeRing ring = mixedRing(start);
        final CompletionQueue queue = mixed(ring);
        ring.postBig(1, 0, 11, 22);
        ring.post(2, 0);
        ring.postBig(3, 0, 33, 44);
        final Cqe[] batch = new Cqe[8];
        assertThat(queue.peekBatch(batch)).isEqualTo(3);
        assertThat(batch[0].bigCqe(0)).isEqualTo(11);
        assertThat(batch[0].bigCqe(1)).isEqualTo(22);
        assertThat(batch[1].is32()).isFalse();
        assertThatThrownBy(() -> batch[1].bigCqe(0)).isInstanceOf(IllegalStateException.class);
        assertThat(batch[2].bigCqe(1)).isEqualTo(44);
        queue.advance(2);
        assertThat(queue.peek().userData()).isEqualTo(3);
        assertThatThrownBy(() -> queue.advance(2)).isInstanceOf(IllegalArgumentException.class);
        queue.advance(1);
        assertThat(queue.peek()).isNull();
        assertThat(ring.head()).isEqualTo(ring.tail());
    }

    @Test
    void shouldTellWhichCompletionsAreWide() {
        final FakeRing ring = mixedRing(0);
        ring.postBig(1, 0, 5, 6);
        final Cqe cqe = mixed(ring).peek();
        assertThat(cqe.is32()).isTrue();
        assertThat(cqe.cqeNr()).isEqualTo(2);
    }

    /** X13: an entry of 128 bytes does not wrap. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 6, 7, 0x7FFFFFFF, 0xFFFFFFFF})
    void shouldFillTheLastSlotBeforeAWideEntry(final int start) {
        final FakeRing ring = new FakeRing(start, IORING_SETUP_SQE_MIXED | IORING_SETUP_NO_SQARRAY, 0);
        final SubmissionQueue queue = ring.submissionQueue();
        for (int i = 0; i < 2 * SqeSlot.SIZE * 4; i++) {
            ring.sqes.put(i, (byte) -1);
        }
        final Sqe wide = queue.next128();
        wide.prepNop();
        wide.setData64(77);
        final boolean atEnd = (start & 7) == 7;
        assertThat(queue.flush()).isEqualTo(atEnd ? 3 : 2);
        final int slot = (atEnd ? 0 : start & 7) * SqeSlot.SIZE;
        assertThat(ring.sqes.getLong(slot + SqeSlot.USER_DATA)).isEqualTo(77);
        for (int i = 0; i < SqeSlot.SIZE; i++) {
            assertThat(ring.sqes.get(slot + SqeSlot.SIZE + i))
                    .as("second half, byte %s", i)
                    .isZero();
        }
        if (atEnd) {
            final int filler = 7 * SqeSlot.SIZE;
            assertThat(ring.sqes.get(filler + SqeSlot.OPCODE)).isZero();
            assertThat(ring.sqes.get(filler + SqeSlot.FLAGS)).isEqualTo((byte) UringConstants.IOSQE_CQE_SKIP_SUCCESS);
        }
    }

    @Test
    void shouldHaveNoRoomForAWideEntryInTheLastSlots() {
        final FakeRing ring = new FakeRing(0, IORING_SETUP_SQE_MIXED | IORING_SETUP_NO_SQARRAY, 0);
        final SubmissionQueue queue = ring.submissionQueue();
        for (int i = 0; i < 7; i++) {
            assertThat(queue.next()).isNotNull();
        }
        assertThat(queue.next128()).isNull();
        assertThat(queue.spaceLeft()).isEqualTo(1);
        queue.flush();
        ring.take(1);
        assertThat(queue.next128()).as("two slots, but not side by side").isNull();
        ring.take(1);
        assertThat(queue.next128()).isNotNull();
        assertThat(queue.spaceLeft()).isZero();
    }

    @Test
    void shouldMoveTheRestUpWhenTheKernelTookSomeOfARewindingQueue() {
        final FakeRing ring = new FakeRing(0, IORING_SETUP_SQ_REWIND | IORING_SETUP_NO_SQARRAY, 0);
        final SubmissionQueue queue = ring.submissionQueue();
        for (int i = 0; i < 8; i++) {
            queue.next().setData64(i);
        }
        assertThat(queue.next()).isNull();
        assertThat(queue.flush()).isEqualTo(8);
        queue.taken(-Errno.EAGAIN);
        assertThat(queue.unconsumed()).as("nothing was taken").isEqualTo(8);
        queue.taken(3);
        assertThat(queue.unconsumed()).isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            assertThat(ring.sqes.getLong(i * SqeSlot.SIZE + SqeSlot.USER_DATA)).isEqualTo(3 + i);
        }
        assertThat(ring.tail()).as("the tail stays where it is").isZero();
        queue.taken(5);
        assertThat(queue.spaceLeft()).isEqualTo(8);
    }
}
