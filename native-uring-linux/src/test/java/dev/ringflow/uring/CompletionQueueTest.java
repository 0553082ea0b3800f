package dev.ringflow.uring;

import static dev.ringflow.uring.FakeRing.ENTRIES;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_EXT_ARG;
import static dev.ringflow.uring.UringConstants.LIBURING_UDATA_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionQueueTest {
    private final List<Long> seen = new ArrayList<>();
    private final CqeHandler collect = (userData, res, flags) -> seen.add(userData);

    @ParameterizedTest
    @ValueSource(ints = {0, 0x7FFFFFF6, 0x7FFFFFFE, 0xFFFFFFF6, 0xFFFFFFFE})
    void shouldVisitEveryCompletionOnceWhenIndicesWrap(final int start) {
        final FakeRing ring = new FakeRing(start, 0, IORING_FEAT_EXT_ARG);
        final CompletionQueue queue = ring.completionQueue();

        for (int round = 0; round < 3; round++) {
            seen.clear();
            for (int i = 0; i < ENTRIES; i++) {
                ring.post(i, i);
            }
            assertThat(queue.ready()).isEqualTo(ENTRIES);

            assertThat(queue.forEach(collect)).isEqualTo(ENTRIES);

            assertThat(seen).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
            assertThat(ring.head()).isEqualTo(ring.tail());
            assertThat(queue.ready()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x7FFFFFF6, 0x7FFFFFFE, 0xFFFFFFF6, 0xFFFFFFFE})
    void shouldPeekAndAdvanceWhenIndicesWrap(final int start) {
        final FakeRing ring = new FakeRing(start, 0, IORING_FEAT_EXT_ARG);
        final CompletionQueue queue = ring.completionQueue();
        final Cqe[] batch = new Cqe[ENTRIES + 1];

        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 5; i++) {
                ring.post(10 * round + i, -i);
            }
            assertThat(queue.peek().userData()).isEqualTo(10 * round);
            assertThat(queue.peekBatch(batch)).isEqualTo(5);
            assertThat(batch[4].userData()).isEqualTo(10 * round + 4);
            assertThat(batch[4].res()).isEqualTo(-4);
            queue.advance(5);
            assertThat(queue.peek()).isNull();
            assertThat(queue.peekBatch(batch)).isZero();
        }
    }

    @Test
    void shouldVisitRemainingCompletionsWhenAHandlerThrows() {
        final FakeRing ring = new FakeRing(0, 0, IORING_FEAT_EXT_ARG);
        final CompletionQueue queue = ring.completionQueue();
        ring.post(1, 0);
        ring.post(2, 0);
        ring.post(3, 0);
        final CqeHandler failing = (userData, res, flags) -> {
            seen.add(userData);
            if (userData == 2) {
                throw new IllegalArgumentException("bad handler");
            }
        };

        assertThatThrownBy(() -> queue.forEach(failing)).hasMessage("bad handler");

        assertThat(ring.head()).as("the failed one counts as seen").isEqualTo(2);
        queue.forEach(failing);
        assertThat(seen).as("none lost, none twice").containsExactly(1L, 2L, 3L);
    }

    @Test
    void shouldGiveSlotsBackWhenAHandlerEntersTheKernel() {
        final FakeRing ring = new FakeRing(0, 0, IORING_FEAT_EXT_ARG);
        final CompletionQueue queue = ring.completionQueue();
        ring.post(1, 0);
        ring.post(2, 0);
        final List<Integer> heads = new ArrayList<>();

        queue.forEach((userData, res, flags) -> {
            queue.release(); // as every call into the kernel does
            heads.add(ring.head());
        });

        assertThat(heads).containsExactly(1, 2);
    }

    @Test
    void shouldSeeNothingTwiceWhenAHandlerPeeks() {
        final FakeRing ring = new FakeRing(0, 0, IORING_FEAT_EXT_ARG);
        final CompletionQueue queue = ring.completionQueue();
        for (int i = 1; i <= 4; i++) {
            ring.post(i, 0);
        }

        queue.forEach((userData, res, flags) -> {
            seen.add(userData);
            if (userData == 1) {
                seen.add(queue.peek().userData());
                queue.advance(1);
            }
        });

        assertThat(seen).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void shouldVisitCompletionsThatArriveWhileAHandlerRuns() {
        final FakeRing ring = new FakeRing(0, 0, IORING_FEAT_EXT_ARG);
        final CompletionQueue queue = ring.completionQueue();
        ring.post(1, 0);

        queue.forEach((userData, res, flags) -> {
            seen.add(userData);
            if (userData < 3) {
                ring.post(userData + 1, 0);
            }
        });

        assertThat(seen).containsExactly(1L, 2L, 3L);
    }

    @Test
    void shouldEndWhenHandlersMakeCompletionsForEver() {
        final FakeRing ring = new FakeRing(0, 0, IORING_FEAT_EXT_ARG);
        final CompletionQueue queue = ring.completionQueue();
        ring.post(1, 0);

        final int count = queue.forEach((userData, res, flags) -> ring.post(1, 0));

        assertThat(count).isEqualTo(ENTRIES);
    }

    @Test
    void shouldVisitEachOnceWhenAHandlerVisitsToo() {
        final FakeRing ring = new FakeRing(0xFFFFFFFE, 0, IORING_FEAT_EXT_ARG);
        final CompletionQueue queue = ring.completionQueue();
        for (int i = 1; i <= 4; i++) {
            ring.post(i, 0);
        }

        queue.forEach((userData, res, flags) -> {
            seen.add(userData);
            if (userData == 2) {
                queue.forEach(collect);
            }
        });

        assertThat(seen).containsExactly(1L, 2L, 3L, 4L);
        assertThat(queue.ready()).isZero();
    }

    @Test
    void shouldStopWhenAHandlerClosesTheRing() {
        final FakeRing ring = new FakeRing(0, 0, IORING_FEAT_EXT_ARG);
        final CompletionQueue queue = ring.completionQueue();
        ring.post(1, 0);
        ring.post(2, 0);

        queue.forEach((userData, res, flags) -> {
            seen.add(userData);
            queue.detach();
        });

        assertThat(seen).containsExactly(1L);
    }

    @Test
    void shouldRefuseToConsumeMoreThanThereIs() {
        final FakeRing ring = new FakeRing(0, 0, IORING_FEAT_EXT_ARG);
        final CompletionQueue queue = ring.completionQueue();
        ring.post(1, 0);

        assertThatThrownBy(() -> queue.advance(2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> queue.advance(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(ring.head()).isZero();
        queue.advance(1);
        assertThat(ring.head()).isEqualTo(1);
    }

    @Test
    void shouldHideItsOwnTimeoutsOnKernelsThatNeedThem() {
        final FakeRing ring = new FakeRing(0, 0, 0);
        final CompletionQueue queue = ring.completionQueue();
        ring.post(LIBURING_UDATA_TIMEOUT, -Errno.ETIME);
        ring.post(1, 0);
        ring.post(LIBURING_UDATA_TIMEOUT, -Errno.ETIME);
        ring.post(2, 0);

        final Cqe[] batch = new Cqe[4];
        assertThat(queue.shown()).isEqualTo(2);
        assertThat(queue.peekBatch(batch)).isEqualTo(2);
        assertThat(batch[0].userData()).isEqualTo(1);
        assertThat(batch[1].userData()).isEqualTo(2);
        assertThatThrownBy(() -> queue.advance(3)).isInstanceOf(IllegalArgumentException.class);
        queue.advance(1);
        assertThat(queue.peek().userData()).isEqualTo(2);
        assertThat(queue.forEach(collect)).isEqualTo(1);

        assertThat(seen).containsExactly(2L);
        assertThat(queue.peek()).isNull();
    }

    @Test
    void shouldShowUserDataOfAllOnesOnOtherKernels() {
        final FakeRing ring = new FakeRing(0, 0, IORING_FEAT_EXT_ARG);
        ring.post(-1, 5);

        assertThat(ring.completionQueue().peek().res()).isEqualTo(5);
    }

    @Test
    void shouldStepOverWideEntriesWhenIndicesWrap() {
        final FakeRing ring = new FakeRing(0xFFFFFFFE, UringConstants.IORING_SETUP_CQE32, IORING_FEAT_EXT_ARG);
        final CompletionQueue queue = ring.completionQueue();
        for (int i = 0; i < ENTRIES; i++) {
            ring.post(i, 0);
        }

        queue.forEach(collect);

        assertThat(seen).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    @Test
    void shouldThrowInsteadOfCrashWhenDetached() {
        final FakeRing ring = new FakeRing(0, 0, IORING_FEAT_EXT_ARG);
        final CompletionQueue queue = ring.completionQueue();
        ring.post(1, 0);
        final Cqe cqe = queue.peek();

        queue.detach();

        assertThatThrownBy(cqe::res).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(cqe::userData).isInstanceOf(IllegalStateException.class);
        assertThat(cqe).hasToString("Cqe[closed]");
        assertThat(queue).hasToString("CompletionQueue[closed]");
    }

    @Test
    void shouldReadBufferIdsAsUnsigned() {
        assertThat(Cqe.bufferId(0xFFFF0001)).isEqualTo(65535);
        assertThat(Cqe.bufferId(0x80000001)).isEqualTo(32768);
    }
}
