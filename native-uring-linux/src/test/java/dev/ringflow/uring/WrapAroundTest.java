package dev.ringflow.uring;

import static dev.ringflow.uring.FakeRing.ENTRIES;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_EXT_ARG;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE32;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE128;
import static dev.ringflow.uring.UringConstants.LIBURING_UDATA_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Indices that pass 2^31 and 2^32 while entries of both queues wait, in every way of taking them. */
@Timeout(60)
class WrapAroundTest {
    private static final int STEPS = 400;

    @ParameterizedTest
    @ValueSource(ints = {0x7FFFFF80, 0xFFFFFF80})
    void shouldKeepCompletionsInOrderWhateverTheWayOfTakingThem(final int start) {
        completions(new FakeRing(start, 0, IORING_FEAT_EXT_ARG), false);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7FFFFF80, 0xFFFFFF80})
    void shouldKeepWideCompletionsInOrder(final int start) {
        completions(new FakeRing(start, IORING_SETUP_CQE32, IORING_FEAT_EXT_ARG), false);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7FFFFF80, 0xFFFFFF80})
    void shouldHideTimeoutsOfItsOwn(final int start) {
        completions(new FakeRing(start, 0, 0), true);
    }

    private static void completions(final FakeRing ring, final boolean hidden) {
        final CompletionQueue queue = ring.completionQueue();
        final Random random = new Random(7);
        final List<Long> seen = new ArrayList<>();
        final Cqe[] batch = new Cqe[3];
        long posted = 0;
        for (int step = 0; step < STEPS; step++) {
            while (ring.tail() - ring.head() < ENTRIES && random.nextInt(4) != 0) {
                if (hidden && random.nextInt(3) == 0) {
                    ring.post(LIBURING_UDATA_TIMEOUT, -Errno.ETIME);
                } else {
                    ring.post(posted, (int) -posted);
                    posted++;
                }
            }
            switch (random.nextInt(3)) {
                case 0:
                    queue.forEach((userData, res, flags) -> {
                        assertThat(res).isEqualTo((int) -userData);
                        seen.add(userData);
                    });
                    break;
                case 1:
                    final Cqe cqe = queue.peek();
                    if (cqe != null) {
                        seen.add(cqe.userData());
                        queue.advance(1);
                    }
                    break;
                default:
                    final int count = queue.peekBatch(batch);
                    for (int i = 0; i < count; i++) {
                        seen.add(batch[i].userData());
                    }
                    queue.advance(count);
                    break;
            }
        }
        queue.forEach((userData, res, flags) -> seen.add(userData));
        assertThat(posted).as("the indices went around").isGreaterThan(0x100);
        assertThat(seen).hasSize((int) posted);
        for (int i = 0; i < seen.size(); i++) {
            assertThat(seen.get(i)).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7FFFFF80, 0xFFFFFF80})
    void shouldHandInEntriesInOrder(final int start) {
        entries(new FakeRing(start, 0, 0), start, SqeSlot.SIZE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7FFFFF80, 0xFFFFFF80})
    void shouldHandInWideEntriesInOrder(final int start) {
        entries(new FakeRing(start, IORING_SETUP_SQE128, 0), start, 2 * SqeSlot.SIZE);
    }

    private static void entries(final FakeRing ring, final int start, final int stride) {
        final SubmissionQueue queue = ring.submissionQueue();
        final Random random = new Random(7);
        long queued = 0;
        int taken = 0;
        for (int step = 0; step < STEPS; step++) {
            while (random.nextInt(4) != 0) {
                assertThat(queue.spaceLeft()).isEqualTo(ENTRIES - (int) (queued - taken));
                final Sqe sqe = queue.next();
                assertThat(sqe == null).as("full").isEqualTo(queued - taken == ENTRIES);
                if (sqe == null) {
                    break;
                }
                sqe.prepNop();
                sqe.setData64(queued++);
            }
            assertThat(queue.flush()).isEqualTo((int) (queued - taken));
            for (int i = random.nextInt(ENTRIES + 1); i > 0 && taken < queued; i--) {
                final int slot = start + taken & ENTRIES - 1;
                assertThat(ring.sqes.getLong(slot * stride + SqeSlot.USER_DATA)).isEqualTo(taken);
                ring.take(1);
                taken++;
            }
        }
        assertThat(queued).as("the indices went around").isGreaterThan(0x100);
    }
}
