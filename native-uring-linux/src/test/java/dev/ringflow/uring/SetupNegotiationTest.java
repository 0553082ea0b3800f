package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_SETUP_CLAMP;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_COOP_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_SQARRAY;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQPOLL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQ_AFF;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SUBMIT_ALL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_TASKRUN_FLAG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetupNegotiationTest {
    private static final int UNKNOWN = 1 << 30;

    @Test
    void shouldGiveUpTheNewestFlagFirst() {
        final List<Integer> dropped = new ArrayList<>();
        int wished = UringParams.DEFAULT_WISHES | UNKNOWN | 1 << 29;
        while (wished != 0) {
            final int left = SetupNegotiation.stepDown(wished, 0);
            dropped.add(wished & ~left);
            wished = left;
        }
        assertThat(dropped)
                .containsExactly(
                        UNKNOWN,
                        1 << 29,
                        IORING_SETUP_NO_SQARRAY,
                        IORING_SETUP_DEFER_TASKRUN,
                        IORING_SETUP_SINGLE_ISSUER,
                        IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
                        IORING_SETUP_SUBMIT_ALL,
                        IORING_SETUP_CLAMP);
    }

    @Test
    void shouldNotKeepTheTaskrunFlagAlone() {
        final int wished = IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL;

        assertThat(SetupNegotiation.stepDown(wished, 0)).isEqualTo(IORING_SETUP_SUBMIT_ALL);
        assertThat(SetupNegotiation.stepDown(wished, IORING_SETUP_COOP_TASKRUN))
                .isEqualTo(IORING_SETUP_SUBMIT_ALL | IORING_SETUP_TASKRUN_FLAG);
    }

    @Test
    void shouldOpenWithoutAWishThatTheKernelDoesNotKnow() throws UringException {
        try (Uring plain = Uring.open(8);
                Uring ring = Uring.open(UringParams.of(8).withWishedFlags(UringParams.DEFAULT_WISHES | UNKNOWN))) {
            assertThat(ring.flags()).isEqualTo(plain.flags());
            ring.getSqe().prepNop();
            assertThat(Completion.awaitResult(ring)).isZero();
        }
    }

    @Test
    void shouldNameTheRequiredFlagThatIsRefused() {
        final UringException failure = catchThrowableOfType(
                UringException.class, () -> Uring.open(UringParams.of(8).withFlags(IORING_SETUP_CLAMP | UNKNOWN)));

        assertThat(failure.errno()).isEqualTo(Errno.EINVAL);
        assertThat(failure.asked()).contains("entries=8", "CLAMP|1<<30");
        assertThat(failure.advice()).contains("refuses 1<<30");
    }

    @Test
    void shouldNameTheFlagThatDoesNotGoWithoutAnother() {
        assertThatThrownBy(() -> Uring.open(UringParams.of(8).withWishedFlags(0).withFlags(IORING_SETUP_SQ_AFF)))
                .isInstanceOf(UringException.class)
                .hasMessageContaining("refuses SQ_AFF");
    }

    @Test
    void shouldRefuseAProcessorThatIsNotThere() {
        assertThatThrownBy(() -> Uring.open(UringParams.of(8).withSqThreadCpu(100_000)))
                .isInstanceOf(UringException.class)
                .hasMessageContaining("EINVAL");
    }

    @Test
    void shouldNotWishForFlagsThatDoNotGoWithSqpoll() throws UringException {
        try (Uring ring = Uring.open(UringParams.of(8).withSqThreadIdle(10))) {
            assertThat(ring.flags() & IORING_SETUP_SQPOLL).isNotZero();
            assertThat(ring.flags() & (IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_COOP_TASKRUN))
                    .isZero();
        }
    }

    @Test
    void shouldRefuseRingsWithoutEntries() {
        assertThatThrownBy(() -> Uring.open(0))
                .isInstanceOf(UringException.class)
                .hasMessageContaining("EINVAL")
                .hasMessageContaining("at least one entry");
    }

    @Test
    void shouldClampSizesThatAreTooLarge() throws UringException {
        try (Uring ring = Uring.open(UringParams.of(100_000).withCqEntries(200_000))) {
            assertThat(ring.params().sqEntries()).isLessThanOrEqualTo(32768);
            assertThat(ring.params().cqEntries()).isLessThanOrEqualTo(65536);
        }
        assertThatThrownBy(() -> Uring.open(UringParams.of(100_000).withWishedFlags(0)))
                .isInstanceOf(UringException.class)
                .hasMessageContaining("32768");
    }

    @Test
    void shouldRoundSizesUp() throws UringException {
        try (Uring ring = Uring.open(UringParams.of(5).withCqEntries(33))) {
            assertThat(ring.params().sqEntries()).isEqualTo(8);
            assertThat(ring.params().cqEntries()).isEqualTo(64);
        }
    }

    @Test
    void shouldRefuseACompletionQueueSmallerThanTheSubmissionQueue() {
        assertThatThrownBy(() -> Uring.open(UringParams.of(8).withCqEntries(4)))
                .isInstanceOf(UringException.class)
                .hasMessageContaining("at least as large");
        assertThatThrownBy(() -> Uring.open(UringParams.of(8).withCqEntries(0)))
                .isInstanceOf(UringException.class)
                .hasMessageContaining("at least as large");
    }

    @Test
    void shouldOpenWideEntriesWhereTheKernelHasThem() throws UringException {
        final int wide = UringConstants.IORING_SETUP_SQE128 | UringConstants.IORING_SETUP_CQE32;
        Native.assumeSetup(wide);
        try (Uring ring = Uring.open(UringParams.of(8).withFlags(wide))) {
            for (int round = 0; round < 50; round++) { // several times around both queues
                for (int i = 0; i < 7; i++) {
                    ring.getSqe().setData64(round * 100L + i);
                }
                final List<Completion> completions = Completion.await(ring, 7);
                for (int i = 0; i < 7; i++) {
                    assertThat(completions.get(i).userData()).isEqualTo(round * 100L + i);
                    assertThat(completions.get(i).res()).isZero();
                }
            }
        }
    }
}
