package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_EXT_ARG;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_NODROP;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static dev.ringflow.uring.UringConstants.POLLIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More completions than the queue has room for. */
@Timeout(60)
class OverflowTest {
    private static final int COMPLETIONS = 1000;
    private static final int MOST_PENDING = 100;

    /** Where the fake ring has the counters of what was lost. */
    private static final int LOST = 20;

    private final List<Long> seen = new ArrayList<>();
    private Uring ring;

    @BeforeEach
    void open() throws UringException {
        ring = Uring.open(UringParams.of(8).withCqEntries(8));
        Native.assumeFeature(ring, IORING_FEAT_NODROP);
    }

    @AfterEach
    void close() {
        ring.close();
    }

    /** Ways to bring in what waits in the kernel. */
    enum Way {
        GET_EVENTS(Uring::getEvents),
        SUBMIT(Uring::submit),
        SUBMIT_AND_GET_EVENTS(Uring::submitAndGetEvents),
        SUBMIT_AND_WAIT(ring -> ring.submitAndWait(1)),
        SUBMIT_AND_WAIT_TIMEOUT(ring -> ring.submitAndWaitTimeout(1, 1_000_000_000L)),
        WAIT_CQE(Uring::waitCqe),
        WAIT_CQE_NR(ring -> ring.waitCqeNr(8)),
        WAIT_CQE_TIMEOUT(ring -> ring.waitCqeTimeout(1_000_000_000L)),
        PEEK(ring -> ring.peekCqe() == null ? -1 : 0),
        PEEK_BATCH(ring -> ring.peekBatchCqe(new Cqe[8]));

        private final ToIntFunction<Uring> call;

        Way(final ToIntFunction<Uring> call) {
            this.call = call;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldBringEveryCompletionInOnceInOrder(final Way way) {
        int sent = 0;
        while (sent < 48) { // of which 8 have room
            for (int i = 0; i < 8; i++) {
                final Sqe sqe = ring.getSqe();
                sqe.prepNop();
                sqe.setData64(sent++);
            }
            final int result = ring.submit();
            if (result == -Errno.EBUSY) { // kernels before 5.19 take no more
                break;
            }
            assertThat(result).isEqualTo(8);
        }
        assertThat(ring.cqHasOverflow()).isTrue();

        final int taken = sent - ring.sqReady();
        for (int i = 0; i < 1000 && seen.size() < taken; i++) {
            ring.forEachCqe((userData, res, flags) -> seen.add(userData));
            if (seen.size() < taken) {
                final int result = way.call.applyAsInt(ring);
                assertThat(result).matches(value -> value >= 0 || value == -Errno.EBUSY);
                if (result == -Errno.EBUSY) {
                    ring.getEvents();
                }
            }
        }
        while (seen.size() < sent) { // what the kernel refused before
            ring.getEvents();
            ring.submit();
            ring.forEachCqe((userData, res, flags) -> seen.add(userData));
        }

        assertThat(seen)
                .containsExactlyElementsOf(LongStream.range(0, sent).boxed().toList());
        assertThat(ring.cqHasOverflow()).isFalse();
        assertThat(ring.cqOverflow()).isZero();
    }

    /** A loop that hands in much and looks seldom: what overflowed long ago must not starve. */
    @Test
    void shouldLoseNothingWhileMoreIsSubmitted() {
        long sent = 0;
        while (seen.size() < COMPLETIONS) {
            for (int i = 0; i < 8 && sent < COMPLETIONS && sent - seen.size() < MOST_PENDING; i++) {
                final Sqe sqe = ring.getSqe();
                if (sqe == null) {
                    break;
                }
                sqe.setData64(sent++);
            }
            final int result = ring.submit();
            if (result == -Errno.EBUSY || sent % 3 == 0 || sent == COMPLETIONS || sent - seen.size() >= MOST_PENDING) {
                ring.submitAndGetEvents();
                ring.forEachCqe((userData, res, flags) -> seen.add(userData));
            }
        }
        assertThat(seen)
                .containsExactlyElementsOf(
                        LongStream.range(0, COMPLETIONS).boxed().toList());
        assertThat(ring.cqOverflow()).isZero();
        assertThat(ring.sqDropped()).isZero();
    }

    @Test
    void shouldTellEveryEventOfAMultishotPollThatEndsByOverflow() {
        final int[] pipe = Native.pipe();
        try {
            armPoll(pipe[0]);
            assumeTrue(
                    ring.cqReady() == 0 || ring.peekCqe().res() != -Errno.EINVAL, "this kernel has no multishot poll");
            for (int i = 0; i < 20; i++) {
                Native.write(pipe[1], "x");
                ring.submitAndGetEvents();
            }
            int events = 0;
            boolean ended = false;
            for (int i = 0; i < 1000 && events < 21 && !(ended && ring.cqReady() == 0); i++) {
                final List<Completion> completions = new ArrayList<>();
                ring.forEachCqe((userData, res, flags) -> completions.add(new Completion(userData, res, flags)));
                for (final Completion completion : completions) {
                    assertThat(ended).as("nothing comes after the last").isFalse();
                    assertThat(completion.res() & POLLIN).isNotZero();
                    ended = !completion.hasMore();
                    events++;
                }
                ring.getEvents();
            }
            assertThat(events).isGreaterThanOrEqualTo(8);
            if (ended) {
                armPoll(pipe[0]);
                assertThat(Completion.await(ring, 1).get(0).res() & POLLIN)
                        .as("armed again, it tells what is there")
                        .isNotZero();
            }
        } finally {
            Native.close(pipe);
        }
    }

    private void armPoll(final int fd) {
        final Sqe poll = ring.getSqe();
        poll.prepPollMultishot(fd, POLLIN);
        poll.setData64(1);
        ring.submitAndGetEvents();
    }

    @Test
    void shouldKeepChainsInOrderAcrossAnOverflow() {
        for (int chain = 0; chain < 4; chain++) {
            for (int i = 0; i < 8; i++) {
                final Sqe sqe = ring.getSqe();
                sqe.prepNop();
                sqe.setFlags(i < 7 ? IOSQE_IO_LINK : 0);
                sqe.setData64(chain * 8L + i);
            }
            while (ring.submit() == -Errno.EBUSY) {
                ring.forEachCqe((userData, res, flags) -> seen.add(userData));
                ring.getEvents();
            }
        }
        while (seen.size() < 32) {
            ring.submitAndGetEvents();
            ring.forEachCqe((userData, res, flags) -> seen.add(userData));
        }
        for (int chain = 0; chain < 4; chain++) {
            final long first = chain * 8L;
            assertThat(seen.stream()
                            .filter(userData -> userData / 8 == first / 8)
                            .toList())
                    .containsExactlyElementsOf(
                            LongStream.range(first, first + 8).boxed().toList());
        }
    }

    /** X5. A kernel without memory for what overflows cannot be had at will: its counters are read as it writes them. */
    @Test
    void shouldReportWhatTheKernelLost() {
        final FakeRing fake = new FakeRing(0, 0, IORING_FEAT_EXT_ARG);
        assertThat(fake.completionQueue().overflow()).isZero();
        fake.ring.putInt(LOST, 3);
        assertThat(fake.completionQueue().overflow()).isEqualTo(3);
        assertThat(fake.submissionQueue().dropped()).isEqualTo(3);
        fake.ring.putInt(LOST, 0xFFFFFFFE);
        assertThat(Integer.toUnsignedLong(fake.completionQueue().overflow())).isEqualTo(4294967294L);
    }
}
