package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_SQPOLL_NONFIXED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_R_DISABLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sun.misc.Signal;

/** Submissions that signals interrupt, that are refused, or taken in part only: no entry is lost, none goes in twice. */
@Timeout(60)
class SubmissionInterruptionTest {
    private static final int SIGUSR2 = 12;
    private static final int ROUNDS = 1500;
    private static final int BATCH = 16;

    /** Rings that differ in how entries get to the kernel. */
    enum Kind {
        DEFAULT(UringParams.of(32)),
        NO_FLAGS(UringParams.of(32).withWishedFlags(0)),
        SQPOLL(UringParams.of(32).withSqThreadIdle(1));

        private final UringParams params;

        Kind(final UringParams params) {
            this.params = params;
        }
    }

    @BeforeAll
    static void handleTheSignal() {
        Signal.handle(new Signal("USR2"), signal -> {});
    }

    /** As under a sampling profiler. */
    @ParameterizedTest
    @EnumSource
    void shouldTakeEveryEntryOnceUnderAHailOfSignals(final Kind kind) throws Exception {
        final AtomicBoolean over = new AtomicBoolean();
        final int process = Native.LIBC.getpid();
        final int thread = Native.LIBC.gettid();
        final Thread disturber = new Thread(() -> {
            while (!over.get()) {
                Native.LIBC.tgkill(process, thread, SIGUSR2);
                try {
                    TimeUnit.MICROSECONDS.sleep(200);
                } catch (final InterruptedException e) {
                    return;
                }
            }
        });
        final List<Long> seen = new ArrayList<>();
        try (Uring ring = Uring.open(kind.params)) {
            if (kind == Kind.SQPOLL) {
                Native.assumeFeature(ring, IORING_FEAT_SQPOLL_NONFIXED);
            }
            disturber.start();
            long sent = 0;
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < BATCH; i++) {
                    final Sqe sqe = ring.getSqe();
                    sqe.prepNop();
                    if (round % 100 == 0 && i == 0) {
                        sqe.setFlags(UringConstants.IOSQE_ASYNC); // so that there is something to wait for
                    }
                    sqe.setData64(sent++);
                }
                final int result =
                        round % 2 == 0 ? ring.submitAndWait(BATCH) : ring.submitAndWaitTimeout(BATCH, 1_000_000_000L);
                if (kind != Kind.SQPOLL) { // whose thread may not have told yet that it took the batch before
                    assertThat(result).as("round %s", round).isEqualTo(BATCH);
                }
                assertThat(result).as("round %s", round).isBetween(0, 2 * BATCH);
                while (seen.size() < sent) {
                    assertThat(ring.waitCqe()).isZero();
                    ring.forEachCqe((userData, res, flags) -> seen.add(userData));
                }
            }
            assertThat(seen).doesNotHaveDuplicates().hasSize(ROUNDS * BATCH);
        } finally {
            over.set(true);
            disturber.join();
        }
    }

    @Test
    void shouldAnswerAnErrorInsteadOfSpinningWhenTheKernelTakesNothing() throws Exception {
        try (Uring ring = Uring.open(UringParams.of(8).withWishedFlags(0).withFlags(IORING_SETUP_R_DISABLED))) {
            for (int i = 0; i < 8; i++) {
                ring.getSqe().setData64(i);
            }
            assertThat(ring.getSqe()).isNull();
            assertThat(ring.submit()).isEqualTo(-Errno.EBADFD);
            assertThat(ring.submitAndWait(1)).isEqualTo(-Errno.EBADFD);
            assertThat(ring.submitAndWaitTimeout(1, 1000)).isEqualTo(-Errno.EBADFD);
            assertThat(ring.sqReady()).as("they are kept").isEqualTo(8);

            assertThat(ring.enableRings()).isZero();
            assumeTrue(ring.submit() != -Errno.EBADFD, "this kernel says that it enabled the ring, and did not");

            assertThat(Completion.awaitSorted(ring, 8))
                    .extracting(Completion::userData)
                    .containsExactlyElementsOf(LongStream.range(0, 8).boxed().toList());
        }
    }

    /** Without SUBMIT_ALL a faulty entry ends what one call takes; here each call has several. */
    @Test
    void shouldGoOnBehindManyFaultyEntries() throws Exception {
        try (Uring ring = Uring.open(UringParams.of(32).withWishedFlags(0))) {
            for (int round = 0; round < 50; round++) {
                for (int i = 0; i < 32; i++) {
                    final Sqe sqe = ring.getSqe();
                    sqe.prepNop();
                    sqe.setFlags(i % 5 == round % 5 ? 0x80 : 0); // no such flag
                    sqe.setData64(i);
                }
                assertThat(ring.submit()).isEqualTo(32);
                final List<Completion> completions = Completion.awaitSorted(ring, 32);
                for (int i = 0; i < 32; i++) {
                    final int expected = i % 5 == round % 5 ? -Errno.EINVAL : 0;
                    assertThat(completions.get(i)).isEqualTo(new Completion(i, expected, 0));
                }
            }
        }
    }

    /** Kernels before 5.19 answer -EBUSY while completions wait outside of the queue. */
    @Test
    void shouldKeepEntriesThatABusyKernelRefuses() throws Exception {
        try (Uring ring = Uring.open(UringParams.of(8).withCqEntries(8))) {
            final List<Long> seen = new ArrayList<>();
            long sent = 0;
            int refused = 0;
            while (seen.size() < 400) {
                for (Sqe sqe = sent < 400 ? ring.getSqe() : null;
                        sqe != null;
                        sqe = sent < 400 ? ring.getSqe() : null) {
                    sqe.setData64(sent++);
                }
                final int before = ring.sqReady();
                final int result = ring.submit();
                if (result == -Errno.EBUSY) {
                    refused++;
                    assertThat(ring.sqReady()).as("they are kept").isEqualTo(before);
                }
                if (result == -Errno.EBUSY || sent == 400 || sent % 64 == 0) {
                    ring.forEachCqe((userData, res, flags) -> seen.add(userData));
                    ring.getEvents();
                }
            }
            assertThat(seen)
                    .containsExactlyElementsOf(LongStream.range(0, 400).boxed().toList());
            assertThat(refused).isNotNegative();
        }
    }
}
