package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_SETUP_ATTACH_WQ;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE32;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE_MIXED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_HYBRID_IOPOLL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_IOPOLL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_MMAP;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_SQARRAY;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_REGISTERED_FD_ONLY;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE128;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE_MIXED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQPOLL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQ_AFF;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQ_REWIND;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_TASKRUN_FLAG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flags of {@code io_uring_setup(2)}: what they do, and what is said when they are refused. */
@Timeout(60)
class SetupFlagsTest {
    private static UringParams exactly(final int flags) {
        return UringParams.of(8).withWishedFlags(0).withFlags(flags);
    }

    @ParameterizedTest
    @CsvSource({
        "SQ_AFF, SQ_AFF needs SQPOLL",
        "DEFER_TASKRUN, DEFER_TASKRUN needs SINGLE_ISSUER",
        "SQPOLL DEFER_TASKRUN SINGLE_ISSUER, DEFER_TASKRUN cannot go with SQPOLL",
        "SQPOLL COOP_TASKRUN, COOP_TASKRUN cannot go with SQPOLL",
        "TASKRUN_FLAG, TASKRUN_FLAG needs COOP_TASKRUN or DEFER_TASKRUN",
        "HYBRID_IOPOLL, HYBRID_IOPOLL needs IOPOLL",
        "REGISTERED_FD_ONLY, REGISTERED_FD_ONLY needs NO_MMAP",
        "CQE_MIXED CQE32, CQE_MIXED cannot go with CQE32",
        "SQE_MIXED SQE128, SQE_MIXED cannot go with SQE128",
        "SQ_REWIND, SQ_REWIND needs NO_SQARRAY",
        "SQ_REWIND NO_SQARRAY SQPOLL, SQ_REWIND cannot go with SQPOLL",
    })
    void shouldSayWhichFlagsDoNotGoTogether(final String names, final String expected) throws Exception {
        int flags = 0;
        for (final String name : names.split(" ")) {
            flags |= UringConstants.class.getField("IORING_SETUP_" + name).getInt(null);
        }
        final int asked = flags;
        assertThatThrownBy(() -> Uring.open(exactly(asked)).close())
                .isInstanceOf(UringException.class)
                .hasMessageContaining("EINVAL")
                .hasMessageContaining(expected);
    }

    @Test
    void shouldSayWhichFlagTheKernelDoesNotKnow() {
        assertThatThrownBy(() -> Uring.open(exactly(1 << 30)).close())
                .isInstanceOf(UringException.class)
                .hasMessageContaining("refuses 1<<30");
    }

    @Test
    void shouldSayThatAnotherRingIsMissing() {
        final int[] pipe = Native.pipe();
        assertThatThrownBy(() -> Uring.open(exactly(0).withWqFd(pipe[0])).close())
                .isInstanceOf(UringException.class)
                .hasMessageContaining("ATTACH_WQ");
        Native.close(pipe);
        assertThatThrownBy(() -> Uring.open(exactly(0).withWqFd(99_999)).close())
                .isInstanceOf(UringException.class)
                .hasMessageContaining("ATTACH_WQ");
    }

    @Test
    void shouldShareTheWorkersOfAnotherRing() throws UringException {
        try (Uring first = Uring.open(4);
                Uring second = Uring.open(UringParams.of(4).withWqFd(first.ringFd()))) {
            assertThat(second.flags() & IORING_SETUP_ATTACH_WQ).isNotZero();
            first.close();
            second.getSqe().prepNop();
            assertThat(Completion.awaitResult(second)).isZero();
        }
    }

    @Test
    void shouldBindThePollingThreadToAProcessor() throws UringException {
        try (Uring ring = Uring.open(UringParams.of(4).withSqThreadIdle(50).withSqThreadCpu(0))) {
            assertThat(ring.flags() & (IORING_SETUP_SQPOLL | IORING_SETUP_SQ_AFF))
                    .isEqualTo(IORING_SETUP_SQPOLL | IORING_SETUP_SQ_AFF);
            assertThat(ring.params().sqThreadCpu()).isZero();
            assertThat(ring.params().sqThreadIdle()).isEqualTo(50);
            ring.getSqe().prepNop();
            assertThat(Completion.awaitResult(ring)).isZero();
        }
    }

    @Test
    void shouldOpenRingsThatPollTheirFiles() throws UringException {
        try (Uring ring = Uring.open(exactly(IORING_SETUP_IOPOLL))) {
            assertThat(ring.flags() & IORING_SETUP_IOPOLL).isNotZero();
        }
        Native.assumeSetup(IORING_SETUP_IOPOLL | IORING_SETUP_HYBRID_IOPOLL);
        try (Uring ring = Uring.open(exactly(IORING_SETUP_IOPOLL | IORING_SETUP_HYBRID_IOPOLL))) {
            assertThat(ring.flags() & IORING_SETUP_HYBRID_IOPOLL).isNotZero();
        }
    }

    @Test
    void shouldTakeEntriesFromTheFirstSlotOnWhenItRewinds() throws UringException {
        Native.assumeSetup(IORING_SETUP_SQ_REWIND | IORING_SETUP_NO_SQARRAY);
        try (Uring ring = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_SQ_REWIND | IORING_SETUP_NO_SQARRAY))) {
            final Sqe first = ring.getSqe();
            first.setData64(1);
            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(1, 0, 0));
            assertThat(ring.getSqe()).as("the first slot again").isSameAs(first);
            first.setData64(2);
            for (int i = 3; i <= 9; i++) {
                ring.getSqe().setData64(i);
            }
            assertThat(ring.getSqe()).as("the ninth of eight").isNull();
            assertThat(ring.sqReady()).isEqualTo(8);
            assertThat(ring.sqSpaceLeft()).isZero();
            assertThat(ring.submit()).isEqualTo(8);
            assertThat(ring.sqReady()).isZero();
            assertThat(Completion.awaitSorted(ring, 8))
                    .extracting(Completion::userData)
                    .containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        }
    }

    @Test
    void shouldKeepTheEntriesAfterAFaultyOneWhenItRewinds() throws UringException {
        Native.assumeSetup(IORING_SETUP_SQ_REWIND | IORING_SETUP_NO_SQARRAY);
        final int flags = IORING_SETUP_SQ_REWIND | IORING_SETUP_NO_SQARRAY; // without SUBMIT_ALL
        try (Uring ring = Uring.open(exactly(flags))) {
            ring.getSqe().setData64(1);
            final Sqe faulty = ring.getSqe();
            faulty.prepRead(0, 0, 0, 0);
            faulty.setIoprio(0xFFFF);
            faulty.setData64(2);
            ring.getSqe().setData64(3);
            assertThat(ring.submit()).isEqualTo(3);
            assertThat(Completion.awaitSorted(ring, 3))
                    .extracting(Completion::userData)
                    .containsExactly(1L, 2L, 3L);
        }
    }

    /** X13. */
    @Test
    void shouldGiveCompletionsOfTwoSizes() throws UringException {
        Native.assumeSetup(IORING_SETUP_CQE_MIXED);
        try (Uring ring = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_CQE_MIXED))) {
            for (int round = 0; round < 100; round++) { // around the queue, with both sizes across its end
                final int count = 1 + round % 7;
                for (int i = 0; i < count; i++) {
                    final Sqe sqe = ring.getSqe();
                    sqe.prepNop();
                    sqe.setData64(round * 10L + i);
                    if ((round + i) % 2 == 0) {
                        sqe.setRwFlags(UringConstants.IORING_NOP_CQE32);
                    }
                }
                assertThat(ring.submitAndWait(count)).isEqualTo(count);
                assertThat(ring.cqReady()).isEqualTo(count);
                final List<Long> seen = new ArrayList<>();
                if (round % 3 == 0) {
                    ring.forEachCqe((userData, res, flags) -> seen.add(userData));
                } else if (round % 3 == 1) {
                    for (Cqe cqe = ring.peekCqe(); cqe != null; cqe = ring.peekCqe()) {
                        assertThat(cqe.is32()).isEqualTo((round + cqe.userData() % 10) % 2 == 0);
                        assertThat(cqe.cqeNr()).isEqualTo(cqe.is32() ? 2 : 1);
                        seen.add(cqe.userData());
                        ring.cqeSeen(cqe);
                    }
                } else {
                    final Cqe[] batch = new Cqe[16];
                    final int found = ring.peekBatchCqe(batch);
                    for (int i = 0; i < found; i++) {
                        seen.add(batch[i].userData());
                    }
                    ring.cqAdvance(found);
                }
                for (int i = 0; i < count; i++) {
                    assertThat(seen).as("round %s", round).element(i).isEqualTo(round * 10L + i);
                }
                assertThat(seen).hasSize(count);
                assertThat(ring.cqReady()).isZero();
            }
        }
    }

    /** X13. */
    @Test
    void shouldTakeEntriesOfTwoSizes() throws UringException {
        Native.assumeSetup(IORING_SETUP_SQE_MIXED);
        try (Uring ring = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_SQE_MIXED))) {
            for (int round = 0; round < 50; round++) { // a wide entry begins at each of the slots, the last included
                final Sqe small = ring.getSqe();
                small.prepNop();
                small.setData64(round * 10L);
                final Sqe wide = ring.getSqe128();
                wide.prepNop128();
                wide.setData64(round * 10L + 1);
                assertThat(Completion.awaitSorted(ring, 2))
                        .containsExactly(new Completion(round * 10L, 0, 0), new Completion(round * 10L + 1, 0, 0));
            }
            int room = 0;
            while (ring.getSqe128() != null) {
                room++;
            }
            assertThat(room).isBetween(3, 4);
        }
    }

    @Test
    void shouldHaveNoWideEntriesInAnOrdinaryRing() throws UringException {
        try (Uring ring = Uring.open(8)) {
            assertThat(ring.getSqe128()).isNull();
        }
        Native.assumeSetup(IORING_SETUP_SQE128);
        try (Uring ring = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_SQE128 | IORING_SETUP_CQE32))) {
            ring.getSqe128().prepNop();
            assertThat(Completion.awaitResult(ring)).isZero();
            ring.getSqe().prepNop();
            ring.submitAndWait(1);
            assertThat(ring.peekCqe().is32()).isTrue();
            assertThat(ring.peekCqe().bigCqe(1)).isZero();
            assertThatThrownBy(() -> ring.peekCqe().bigCqe(2)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        try (Uring ring = Uring.open(8)) {
            ring.getSqe().prepNop();
            ring.submitAndWait(1);
            assertThatThrownBy(() -> ring.peekCqe().bigCqe(0)).isInstanceOf(IllegalStateException.class);
        }
    }

    /** X13: the words that a NOP is told to answer. */
    @Test
    void shouldShowTheSecondHalfOfWideCompletions() throws UringException {
        Native.assumeSetup(IORING_SETUP_CQE32);
        try (Uring ring = Uring.open(UringParams.of(4).withFlags(IORING_SETUP_CQE32))) {
            for (int round = 0; round < 20; round++) {
                final Sqe sqe = ring.getSqe();
                sqe.prepNop();
                sqe.setData64(round);
                ring.submitAndWait(1);
                final Cqe cqe = ring.peekCqe();
                assertThat(cqe.userData()).isEqualTo(round);
                assertThat(cqe.is32()).isTrue();
                assertThat(cqe.cqeNr()).isEqualTo(1);
                cqe.bigCqe(0);
                ring.cqeSeen(cqe);
            }
        }
    }

    /** S17. */
    @Test
    void shouldDoWithoutAFileDescriptor() throws UringException {
        final int flags = IORING_SETUP_NO_MMAP | IORING_SETUP_REGISTERED_FD_ONLY;
        Native.assumeSetup(flags);
        try (Uring ring = Uring.open(UringParams.of(8).withFlags(flags))) {
            assertThat(ring.ringFd()).isEqualTo(-1);
            for (int i = 0; i < 50; i++) {
                ring.getSqe().setData64(i);
                assertThat(Completion.await(ring, 1)).containsExactly(new Completion(i, 0, 0));
            }
            assertThat(ring.registerFilesSparse(4))
                    .as("registering by the index")
                    .isZero();
            assertThat(ring.unregisterFiles()).isZero();
            assertThat(ring.getProbe().opsLen()).isPositive();
            assertThat(ring.unregisterRingFd()).as("nothing else reaches it").isEqualTo(-Errno.EINVAL);
        }
        for (int i = 0; i < 40; i++) { // a thread has room for 16: each is given back
            Uring.open(UringParams.of(8).withFlags(flags)).close();
        }
    }

    /** S17. */
    @Test
    void shouldGoOnWhenTheFileDescriptorIsClosed() throws UringException {
        try (Uring ring = Uring.open(8)) {
            Native.assumeFeature(ring, UringConstants.IORING_FEAT_REG_REG_RING);
            assertThat(ring.closeRingFd()).isEqualTo(1);
            assertThat(ring.ringFd()).isEqualTo(-1);
            ring.getSqe().setData64(7);
            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(7, 0, 0));
            assertThat(ring.registerFilesSparse(4)).isZero();
            assertThat(ring.closeRingFd()).as("once more").isEqualTo(-Errno.EINVAL);
        }
    }

    /** X12. */
    @Test
    void shouldWaitWithoutCountingAsIoWait() throws UringException {
        try (Uring ring = Uring.open(8)) {
            if ((ring.features() & UringConstants.IORING_FEAT_NO_IOWAIT) == 0) {
                assertThat(ring.setIowait(false)).isEqualTo(-Errno.EOPNOTSUPP);
                return;
            }
            assertThat(ring.setIowait(false)).isZero();
            assertThat(ring.waitCqeTimeout(1_000_000)).isEqualTo(-Errno.ETIME);
            ring.getSqe();
            assertThat(ring.submitAndWait(1)).isEqualTo(1);
            assertThat(ring.setIowait(true)).isZero();
            assertThat(ring.waitCqe()).isZero();
        }
    }

    @Test
    void shouldKeepItsMemoryOutOfForkedProcesses() throws UringException {
        try (Uring ring = Uring.open(8)) {
            assertThat(ring.ringDontfork()).isZero();
            ring.getSqe();
            assertThat(Completion.awaitResult(ring)).isZero();
        }
    }

    @Test
    void shouldNameTheFlagsThatItWasGranted() throws UringException {
        try (Uring ring = Uring.open(exactly(0))) {
            assertThat(ring.flags() & (IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG))
                    .isZero();
        }
    }
}
