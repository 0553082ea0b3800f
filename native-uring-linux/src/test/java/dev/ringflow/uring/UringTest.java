package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_EXT_ARG;
import static dev.ringflow.uring.UringConstants.IORING_OP_MSG_RING;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SUBMIT_ALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Submitting and reaping, on the running kernel. */
@Timeout(60)
class UringTest {
    private static final long MILLIS = 1_000_000L;

    @Test
    void shouldEchoUserDataAndResult() throws UringException {
        try (Uring ring = Uring.open(8)) {
            final Sqe sqe = ring.getSqe();
            sqe.prepNop();
            sqe.setData64(0xCAFE_BABE_DEAD_BEEFL);

            assertThat(ring.submitAndWait(1)).isEqualTo(1);

            final Cqe cqe = ring.peekCqe();
            assertThat(cqe.userData()).isEqualTo(0xCAFE_BABE_DEAD_BEEFL);
            assertThat(cqe.res()).isZero();
            assertThat(cqe.hasMore()).isFalse();
            ring.cqeSeen(cqe);
            assertThat(ring.peekCqe()).isNull();
            assertThat(ring.cqReady()).isZero();
        }
    }

    @Test
    void shouldGiveNullWhenTheSubmissionQueueIsFull() throws UringException {
        try (Uring ring = Uring.open(8)) {
            for (int i = 0; i < 8; i++) {
                assertThat(ring.sqSpaceLeft()).isEqualTo(8 - i);
                assertThat(ring.getSqe()).isNotNull();
            }
            assertThat(ring.getSqe()).isNull();
            assertThat(ring.sqSpaceLeft()).isZero();
            assertThat(ring.sqReady()).isEqualTo(8);

            assertThat(ring.submit()).isEqualTo(8);

            assertThat(ring.sqReady()).isZero();
            assertThat(ring.getSqe()).isNotNull();
        }
    }

    @Test
    void shouldCompleteAnEntryThatNobodyPreparedAsNop() throws UringException {
        try (Uring ring = Uring.open(8)) {
            ring.getSqe();
            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(0, 0, 0));
        }
    }

    @Test
    void shouldSeeEveryCompletionOnceWhenTheCompletionQueueOverflows() throws UringException {
        try (Uring ring = Uring.open(UringParams.of(8).withCqEntries(8))) {
            Native.assumeFeature(ring, UringConstants.IORING_FEAT_NODROP);
            int sent = 0;
            while (sent < 1000) {
                final Sqe sqe = ring.getSqe();
                if (sqe == null) {
                    final int result = ring.submit();
                    assertThat(result).isIn(8, -Errno.EBUSY); // busy: kernels before 5.19, with the backlog full
                    if (result < 0) {
                        break;
                    }
                    continue;
                }
                sqe.prepNop();
                sqe.setData64(sent++);
            }
            assertThat(ring.cqHasOverflow()).isTrue();
            assertThat(ring.cqReady()).isEqualTo(8);

            final Set<Long> seen = new HashSet<>();
            while (seen.size() < sent) {
                final Cqe cqe = ring.peekCqe();
                if (cqe == null) {
                    assertThat(ring.sqReady())
                            .as("all were submitted, or can be now")
                            .isNotNegative();
                    assertThat(ring.submit()).isNotNegative();
                    continue;
                }
                assertThat(seen.add(cqe.userData())).as("seen once").isTrue();
                ring.cqeSeen(cqe);
            }

            assertThat(ring.cqHasOverflow()).isFalse();
            assertThat(ring.cqOverflow()).isZero();
            assertThat(ring.sqDropped()).isZero();
            assertThat(ring.peekCqe()).isNull();
        }
    }

    @Test
    void shouldBringOverflowedCompletionsInByWaitingToo() throws UringException {
        try (Uring ring = Uring.open(UringParams.of(8).withCqEntries(8))) {
            for (int batch = 0; batch < 3; batch++) {
                for (int i = 0; i < 8; i++) {
                    ring.getSqe().setData64(batch * 8L + i);
                }
                ring.submit();
            }
            final Set<Long> seen = new HashSet<>();
            while (seen.size() < 24) {
                final int result = ring.submitAndWait(1);
                assertThat(result).matches(value -> value >= 0 || value == -Errno.EBUSY);
                ring.forEachCqe((userData, res, flags) -> seen.add(userData));
                if (result == -Errno.EBUSY) { // kernels before 5.19 take nothing while completions wait outside
                    assertThat(ring.getEvents()).isZero();
                }
            }
            assertThat(ring.cqOverflow()).isZero();
        }
    }

    @Test
    void shouldSubmitAllBehindAFaultyEntry() throws UringException {
        try (Uring ring = Uring.open(8)) {
            submitWithFaultyEntryInTheMiddle(ring);
        }
    }

    @Test
    void shouldSubmitAllBehindAFaultyEntryWithoutTheFlagForIt() throws UringException {
        try (Uring ring = Uring.open(UringParams.of(8).withWishedFlags(0))) {
            assertThat(ring.flags() & IORING_SETUP_SUBMIT_ALL).isZero();
            submitWithFaultyEntryInTheMiddle(ring);
        }
    }

    private static void submitWithFaultyEntryInTheMiddle(final Uring ring) {
        for (int i = 0; i < 5; i++) {
            final Sqe sqe = ring.getSqe();
            sqe.prepNop();
            sqe.setData64(i);
            if (i == 2) {
                sqe.setFlags(0x80); // no such flag
            }
        }
        assertThat(ring.submitAndWait(5)).isEqualTo(5);
        assertThat(ring.sqReady()).isZero();
        final List<Completion> completions = Completion.awaitSorted(ring, 5);
        for (int i = 0; i < 5; i++) {
            assertThat(completions.get(i).res()).isEqualTo(i == 2 ? -Errno.EINVAL : 0);
        }
    }

    @Test
    void shouldAnswerZeroWhenThereIsNothingToDo() throws UringException {
        try (Uring ring = Uring.open(8)) {
            assertThat(ring.submit()).isZero();
            assertThat(ring.submitAndGetEvents()).isZero();
            assertThat(ring.getEvents()).isZero();
            assertThat(ring.forEachCqe((userData, res, flags) -> {})).isZero();
            assertThat(ring.waitCqeNr(0)).isZero();
        }
    }

    @Test
    void shouldPeekInBatches() throws UringException {
        try (Uring ring = Uring.open(8)) {
            for (int i = 0; i < 8; i++) {
                ring.getSqe().setData64(i);
            }
            ring.submitAndWait(8);
            final Cqe[] batch = new Cqe[5];

            assertThat(ring.peekBatchCqe(batch)).isEqualTo(5);
            assertThat(batch[4].userData()).isEqualTo(4);
            ring.cqAdvance(5);
            assertThat(ring.peekBatchCqe(batch)).isEqualTo(3);
            assertThat(batch[2].userData()).isEqualTo(7);
            assertThatThrownBy(() -> ring.cqAdvance(4)).isInstanceOf(IllegalArgumentException.class);
            ring.cqAdvance(3);
            assertThat(ring.peekBatchCqe(batch)).isZero();
        }
    }

    @Test
    void shouldVisitRemainingCompletionsWhenAHandlerThrows() throws UringException {
        try (Uring ring = Uring.open(8)) {
            for (int i = 0; i < 4; i++) {
                ring.getSqe().setData64(i);
            }
            ring.submitAndWait(4);
            final List<Long> seen = new ArrayList<>();
            final CqeHandler failing = (userData, res, flags) -> {
                seen.add(userData);
                if (userData == 1) {
                    throw new UnsupportedOperationException("bad handler");
                }
            };

            assertThatThrownBy(() -> ring.forEachCqe(failing)).hasMessage("bad handler");
            assertThat(ring.forEachCqe(failing)).isEqualTo(2);

            assertThat(seen).containsExactly(0L, 1L, 2L, 3L);
        }
    }

    @Test
    void shouldLetAHandlerSubmitAndReap() throws UringException {
        try (Uring ring = Uring.open(8)) {
            ring.getSqe().setData64(1);
            ring.submitAndWait(1);
            final List<Long> seen = new ArrayList<>();
            final CqeHandler chain = new CqeHandler() {
                @Override
                public void handle(final long userData, final int res, final int flags) {
                    seen.add(userData);
                    if (userData < 200) {
                        ring.getSqe().setData64(userData + 1);
                        ring.submitAndWait(1);
                    }
                }
            };

            while (seen.size() < 200) {
                ring.forEachCqe(chain);
            }

            assertThat(seen).hasSize(200).doesNotHaveDuplicates();
        }
    }

    @Test
    void shouldFinishAChainOfDependentRequestsQuickly() throws UringException {
        try (Uring ring = Uring.open(8)) {
            final int[] left = {10_000};
            final CqeHandler next = (userData, res, flags) -> {
                if (--left[0] > 0) {
                    ring.getSqe().prepNop();
                }
            };
            final long start = System.nanoTime();
            ring.getSqe().prepNop();
            while (left[0] > 0) {
                ring.submitAndWait(1);
                ring.forEachCqe(next);
            }
            assertThat(System.nanoTime() - start).isLessThan(5_000 * MILLIS);
        }
    }

    @Test
    void shouldTimeOutAWaitInTime() throws UringException {
        try (Uring ring = Uring.open(8)) {
            final long start = System.nanoTime();
            assertThat(ring.waitCqeTimeout(50 * MILLIS)).isEqualTo(-Errno.ETIME);
            assertThat(System.nanoTime() - start).isBetween(50 * MILLIS, 10_000 * MILLIS);

            assertThat(ring.waitCqeTimeout(0)).isEqualTo(-Errno.ETIME);
            assertThat(ring.peekCqe()).isNull();
        }
    }

    @Test
    void shouldNotWaitForWhatIsThere() throws UringException {
        try (Uring ring = Uring.open(8)) {
            ring.getSqe().setData64(5);
            assertThat(ring.submitAndWaitTimeout(1, 10_000 * MILLIS)).isEqualTo(1);
            assertThat(ring.submitAndWaitTimeout(1, 10_000 * MILLIS)).isZero();
            assertThat(ring.waitCqeTimeout(10_000 * MILLIS)).isZero();
            assertThat(ring.waitCqe()).isZero();
            assertThat(ring.peekCqe().userData()).isEqualTo(5);
        }
    }

    @Test
    void shouldCountSubmittedEntriesWhenTheWaitTimesOut() throws UringException {
        final int[] pipe = Native.pipe();
        try (Uring ring = Uring.open(8)) {
            final ByteBuffer buffer = Memory.allocate(8, 1);
            ring.getSqe().prepRead(pipe[0], Memory.address(buffer), 8, -1);

            assertThat(ring.submitAndWaitTimeout(1, 20 * MILLIS)).isEqualTo(1);
            assertThat(ring.submitAndWaitTimeout(1, 20 * MILLIS)).isEqualTo(-Errno.ETIME);
            assertThat(ring.waitCqes(1, 20 * MILLIS)).isEqualTo(-Errno.ETIME);

            Native.write(pipe[1], "x");
            assertThat(Completion.awaitResult(ring)).isEqualTo(1);
        } finally {
            Native.close(pipe);
        }
    }

    @Test
    void shouldReturnWithWhatCameInTimeWhenMoreWasWanted() throws UringException {
        try (Uring ring = Uring.open(8)) {
            ring.getSqe().setData64(1);
            assertThat(ring.waitCqes(4, 30 * MILLIS)).isZero();
            assertThat(ring.cqReady()).isEqualTo(1);
        }
    }

    @Test
    void shouldWaitForSeveral() throws UringException {
        try (Uring ring = Uring.open(8)) {
            for (int i = 0; i < 6; i++) {
                ring.getSqe().setData64(i);
            }
            ring.submit();
            assertThat(ring.waitCqeNr(6)).isZero();
            assertThat(ring.cqReady()).isEqualTo(6);
        }
    }

    @Test
    void shouldReceiveMessagesFromAnotherRing() throws UringException {
        try (Uring sender = Uring.open(8);
                Uring receiver = Uring.open(8)) {
            Native.assumeOpcode(sender, IORING_OP_MSG_RING);
            sender.getSqe().prepMsgRing(receiver.ringFd(), 123, 0xABCDEFL, 0);

            assertThat(Completion.awaitResult(sender)).isZero();

            assertThat(Completion.await(receiver, 1)).containsExactly(new Completion(0xABCDEFL, 123, 0));
        }
    }

    @Test
    void shouldUseNoHeapPerRequest() throws UringException {
        final com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Uring ring = Uring.open(32)) {
            final long[] sum = new long[1];
            final CqeHandler handler = (userData, res, flags) -> sum[0] += userData;
            final int rounds = 2_000;
            nops(ring, handler, 20_000);

            final long before = threads.getCurrentThreadAllocatedBytes();
            nops(ring, handler, rounds);
            final long bytes = threads.getCurrentThreadAllocatedBytes() - before;

            assertThat(bytes).as("bytes for %s requests", rounds * 32).isLessThan(rounds);
        }
    }

    private static void nops(final Uring ring, final CqeHandler handler, final int rounds) {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < 32; i++) {
                final Sqe sqe = ring.getSqe();
                sqe.prepNop();
                sqe.setData64(i);
            }
            ring.submitAndWait(32);
            ring.forEachCqe(handler);
        }
    }

    @Test
    void shouldUseNoHeapPerWaitWithTimeout() throws UringException {
        final com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Uring ring = Uring.open(32)) {
            assumeTrue((ring.features() & IORING_FEAT_EXT_ARG) != 0, "this kernel lacks EXT_ARG");
            final CqeHandler handler = (userData, res, flags) -> {};
            timedNops(ring, handler, 20_000);

            final long before = threads.getCurrentThreadAllocatedBytes();
            timedNops(ring, handler, 10_000);
            final long bytes = threads.getCurrentThreadAllocatedBytes() - before;

            assertThat(bytes).as("bytes for 10,000 waits").isLessThan(10_000);
        }
    }

    private static void timedNops(final Uring ring, final CqeHandler handler, final int rounds) {
        for (int round = 0; round < rounds; round++) {
            ring.getSqe().prepNop();
            ring.submitAndWaitTimeout(1, 1000 * MILLIS);
            ring.forEachCqe(handler);
        }
    }

    @Test
    void shouldDescribeItself() throws UringException {
        try (Uring ring = Uring.open(8)) {
            final Sqe sqe = ring.getSqe();
            sqe.prepRead(7, 0x1000, 4096, 512);
            sqe.setData64(0x2A);

            assertThat(ring.toString())
                    .contains("entries=8", "READ", "fd=7", "len=4096", "off=512", "userData=0x2a")
                    .contains("CompletionQueue[0 of 16");
            sqe.prepNop();
            ring.submitAndWait(1);
            assertThat(ring.toString()).contains("Cqe[userData=0x2a, res=0");
        }
    }
}
