package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IOSQE_CQE_SKIP_SUCCESS;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_DRAIN;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_HARDLINK;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Timespec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links, hard links, drains, suppressed completions, and what a failure does to the rest of a chain. */
@Timeout(60)
class LinkRequestsTest {
    private static final long MILLIS = 1_000_000L;
    private static final int NO_SUCH_GROUP = 12_345;

    private Uring ring;
    private int[] pipe;
    private final ByteBuffer buffer = Memory.allocate(64, 8);

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(64);
        pipe = Native.pipe();
    }

    @AfterEach
    void close() {
        ring.close();
        Native.close(pipe);
    }

    private static ByteBuffer time(final long nanos) {
        final ByteBuffer time = Memory.allocate(Timespec.SIZE, 8);
        Timespec.setNanos(time, 0, nanos);
        return time;
    }

    private Sqe sqe(final long userData) {
        final Sqe sqe = ring.getSqe();
        sqe.setData64(userData);
        return sqe;
    }

    private void nop(final long userData, final int flags) {
        final Sqe sqe = sqe(userData);
        sqe.prepNop();
        sqe.setFlags(flags);
    }

    /** A request that fails with -ENOENT. */
    private void failing(final long userData, final int flags) {
        final Sqe sqe = sqe(userData);
        sqe.prepRemoveBuffers(1, NO_SUCH_GROUP);
        sqe.setFlags(flags);
    }

    private void timeout(final long userData, final long nanos, final int flags) {
        final Sqe sqe = sqe(userData);
        sqe.prepTimeout(time(nanos), 0, 0);
        sqe.setFlags(flags);
    }

    private void linkTimeout(final long userData, final long nanos) {
        sqe(userData).prepLinkTimeout(time(nanos), 0);
    }

    private void readPipe(final long userData, final int flags) {
        final Sqe sqe = sqe(userData);
        sqe.prepRead(pipe[0], Memory.address(buffer), 8, -1);
        sqe.setFlags(flags);
    }

    private static List<Long> order(final List<Completion> completions) {
        return completions.stream().map(Completion::userData).toList();
    }

    private static List<Integer> results(final List<Completion> completions) {
        return completions.stream().map(Completion::res).toList();
    }

    /** Without a wait: before 5.11 the time of a wait is a request, which a drain would hold back with the others. */
    private void expectNothingYet() {
        assertThat(ring.submitAndGetEvents()).isNotNegative();
        assertThat(ring.peekCqe()).isNull();
    }

    /** L1. */
    @Test
    void shouldRunLinkedRequestsInOrder() {
        nop(1, IOSQE_IO_LINK);
        nop(2, 0);
        final List<Completion> two = Completion.await(ring, 2);
        assertThat(order(two)).containsExactly(1L, 2L);
        assertThat(results(two)).containsExactly(0, 0);

        nop(1, IOSQE_IO_LINK);
        nop(2, IOSQE_IO_LINK);
        nop(3, 0);
        nop(11, IOSQE_IO_LINK);
        nop(12, 0);
        final List<Completion> chains = Completion.await(ring, 5);
        assertThat(order(chains)).containsSubsequence(1L, 2L, 3L).containsSubsequence(11L, 12L);
        assertThat(results(chains)).containsOnly(0);
    }

    /** L1: the second starts after the first has completed, not with it. */
    @Test
    void shouldHoldBackALinkedRequestUntilTheOneBeforeHasCompleted() {
        readPipe(1, IOSQE_IO_LINK);
        nop(2, 0);
        nop(3, 0);
        assertThat(order(Completion.await(ring, 1))).containsExactly(3L);
        assertThat(ring.waitCqeTimeout(5 * MILLIS)).isEqualTo(-Errno.ETIME);
        Native.write(pipe[1], "8 bytes!");
        final List<Completion> chain = Completion.await(ring, 2);
        assertThat(order(chain)).containsExactly(1L, 2L);
        assertThat(results(chain)).containsExactly(8, 0);
    }

    /** L1: a chain of as many requests as the queue has entries. */
    @Test
    void shouldRunAChainAsLongAsTheQueue() throws IOException {
        try (Uring large = Uring.open(1024)) {
            for (int i = 0; i < 1024; i++) {
                final Sqe sqe = large.getSqe();
                sqe.setData64(i);
                sqe.prepNop();
                sqe.setFlags(i < 1023 ? IOSQE_IO_LINK : 0);
            }
            assertThat(large.getSqe()).isNull();
            final List<Completion> completions = Completion.await(large, 1024);
            for (int i = 0; i < 1024; i++) {
                assertThat(completions.get(i)).isEqualTo(new Completion(i, 0, 0));
            }
        }
    }

    /** L1, L2: the failure in the middle cancels what comes after, and nothing before. */
    @Test
    void shouldCancelTheRestOfALongChain() throws IOException {
        try (Uring large = Uring.open(256)) {
            for (int i = 0; i < 256; i++) {
                final Sqe sqe = large.getSqe();
                sqe.setData64(i);
                if (i == 100) {
                    sqe.prepRemoveBuffers(1, NO_SUCH_GROUP);
                } else {
                    sqe.prepNop();
                }
                sqe.setFlags(i < 255 ? IOSQE_IO_LINK : 0);
            }
            final List<Completion> completions = Completion.awaitSorted(large, 256);
            for (int i = 0; i < 256; i++) {
                assertThat(completions.get(i).res())
                        .as("request %s", i)
                        .isEqualTo(i < 100 ? 0 : i == 100 ? -Errno.ENOENT : -Errno.ECANCELED);
            }
        }
    }

    /** L2. */
    @Test
    void shouldCancelTheRequestAfterAFailedOne() {
        failing(1, IOSQE_IO_LINK);
        nop(2, 0);
        assertThat(results(Completion.awaitSorted(ring, 2))).containsExactly(-Errno.ENOENT, -Errno.ECANCELED);
    }

    /** L2: a short transfer counts as a failure. */
    @Test
    void shouldCancelTheRequestAfterAShortRead() {
        Native.write(pipe[1], "four");
        readPipe(1, IOSQE_IO_LINK);
        nop(2, 0);
        assertThat(results(Completion.awaitSorted(ring, 2))).containsExactly(4, -Errno.ECANCELED);

        Native.write(pipe[1], "four");
        readPipe(3, IOSQE_IO_HARDLINK);
        nop(4, 0);
        assertThat(results(Completion.awaitSorted(ring, 2))).as("hard").containsExactly(4, 0);
    }

    /** L3. */
    @Test
    void shouldGoOnAfterAFailureInAHardChain() {
        timeout(1, 2 * MILLIS, IOSQE_IO_HARDLINK);
        nop(2, 0);
        assertThat(results(Completion.awaitSorted(ring, 2))).containsExactly(-Errno.ETIME, 0);

        timeout(1, 2 * MILLIS, IOSQE_IO_HARDLINK);
        timeout(2, 3 * MILLIS, IOSQE_IO_HARDLINK);
        nop(3, 0);
        assertThat(results(Completion.awaitSorted(ring, 3))).containsExactly(-Errno.ETIME, -Errno.ETIME, 0);

        timeout(1, 2 * MILLIS, IOSQE_IO_LINK);
        nop(2, 0);
        assertThat(results(Completion.awaitSorted(ring, 2))).as("soft").containsExactly(-Errno.ETIME, -Errno.ECANCELED);
    }

    /** L3: a soft link behind a hard one ends the chain where it fails. */
    @Test
    void shouldEndAChainAtTheSoftLinkThatFails() {
        failing(1, IOSQE_IO_HARDLINK);
        failing(2, IOSQE_IO_LINK);
        nop(3, IOSQE_IO_HARDLINK);
        nop(4, 0);
        assertThat(results(Completion.awaitSorted(ring, 4)))
                .containsExactly(-Errno.ENOENT, -Errno.ENOENT, -Errno.ECANCELED, -Errno.ECANCELED);
    }

    /** L6: what is drained waits for everything before it, and what comes later waits for it. */
    @Test
    void shouldHoldBackADrainedRequestUntilAllBeforeItCompleted() {
        readPipe(1, 0);
        nop(2, IOSQE_IO_DRAIN);
        nop(3, 0);
        expectNothingYet();
        Native.write(pipe[1], "8 bytes!");
        final List<Completion> completions = Completion.await(ring, 3);
        assertThat(order(completions)).startsWith(1L).containsExactlyInAnyOrder(1L, 2L, 3L); // 6.1 starts 3 before 2
    }

    /** L6: the completions of an accept that stays armed do not release what is drained; its last one does. */
    @Test
    void shouldWaitForTheLastCompletionOfAMultishotBeforeADrainedRequest() {
        final int listener = Native.listen();
        sqe(1).prepMultishotAccept(listener, 0, 0, UringConstants.SOCK_CLOEXEC);
        ring.submitAndGetEvents();
        final Cqe early = ring.peekCqe();
        assumeTrue(early == null || early.res() != -Errno.EINVAL, "this kernel has no multishot accept");
        nop(2, IOSQE_IO_DRAIN);
        expectNothingYet();
        for (int i = 0; i < 3; i++) {
            final int client = Native.connect(Native.localAddress(listener));
            final Completion shot = Completion.await(ring, 1).get(0);
            assertThat(shot.userData()).isEqualTo(1);
            assertThat(shot.res()).isPositive();
            assertThat(shot.hasMore()).isTrue();
            Native.close(client, shot.res());
        }
        expectNothingYet();
        LibC.shutdown(listener, UringConstants.SHUT_RDWR);
        final List<Completion> end = Completion.await(ring, 2);
        assertThat(order(end)).containsExactly(1L, 2L);
        assertThat(end.get(0).hasMore()).isFalse();
        assertThat(results(end)).containsExactly(-Errno.EINVAL, 0);
        Native.close(listener);
    }

    /** L6: a drain anywhere in a chain holds back the whole chain. */
    @Test
    void shouldDrainAWholeChain() {
        readPipe(1, 0);
        nop(2, IOSQE_IO_LINK | IOSQE_IO_DRAIN);
        nop(3, IOSQE_IO_LINK);
        nop(4, 0);
        expectNothingYet();
        Native.write(pipe[1], "8 bytes!");
        assertThat(order(Completion.await(ring, 4))).containsExactly(1L, 2L, 3L, 4L);

        readPipe(1, 0);
        nop(2, IOSQE_IO_LINK);
        nop(3, IOSQE_IO_LINK | IOSQE_IO_DRAIN);
        nop(4, 0);
        expectNothingYet();
        Native.write(pipe[1], "8 bytes!");
        assertThat(order(Completion.await(ring, 4))).containsExactly(1L, 2L, 3L, 4L);
    }

    /** L7. */
    @Test
    void shouldRefuseALinkTimeoutThatBoundsNothing() {
        linkTimeout(1, MILLIS);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EINVAL);

        readPipe(2, IOSQE_IO_LINK);
        final Sqe first = sqe(3);
        first.prepLinkTimeout(time(1_000 * MILLIS), 0);
        first.setFlags(IOSQE_IO_LINK);
        linkTimeout(4, 1_000 * MILLIS);
        final List<Completion> twice = Completion.awaitSorted(ring, 3);
        assertThat(twice.get(2).res())
                .as("a timeout of a timeout; 5.10 cancels it")
                .isIn(-Errno.EINVAL, -Errno.ECANCELED);
    }

    /** L8. */
    @Test
    void shouldCancelTheLinkTimeoutOfARequestThatCompletes() {
        nop(1, IOSQE_IO_LINK);
        linkTimeout(2, 10_000 * MILLIS);
        assertThat(results(Completion.awaitSorted(ring, 2))).containsExactly(0, -Errno.ECANCELED);
    }

    /** L9. */
    @Test
    void shouldCancelTheRequestWhoseLinkTimeoutExpires() {
        final long start = System.nanoTime();
        readPipe(1, IOSQE_IO_LINK);
        linkTimeout(2, 20 * MILLIS);
        final List<Completion> both = Completion.awaitSorted(ring, 2);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20 * MILLIS);
        assertThat(both.get(0).res()).isIn(-Errno.ECANCELED, -Errno.EINTR);
        assertThat(both.get(1).res()).isIn(-Errno.ETIME, -Errno.EALREADY, 0);
    }

    /** L9: the rest of the chain behind the timeout is cancelled with the request. */
    @Test
    void shouldCancelTheRestOfAChainWhoseLinkTimeoutExpires() {
        readPipe(1, IOSQE_IO_LINK);
        final Sqe bound = sqe(2);
        bound.prepLinkTimeout(time(10 * MILLIS), 0);
        bound.setFlags(IOSQE_IO_LINK);
        nop(3, 0);
        final List<Completion> all = Completion.awaitSorted(ring, 3);
        assertThat(all.get(0).res()).isIn(-Errno.ECANCELED, -Errno.EINTR);
        assertThat(all.get(2).res()).isEqualTo(-Errno.ECANCELED);
    }

    /** L10. */
    @Test
    void shouldLeaveARequestInTimeToItsResult() {
        Native.write(pipe[1], "in time");
        readPipe(1, IOSQE_IO_LINK);
        linkTimeout(2, 10_000 * MILLIS);
        assertThat(results(Completion.awaitSorted(ring, 2))).containsExactly(7, -Errno.ECANCELED);

        readPipe(3, IOSQE_IO_LINK);
        linkTimeout(4, 10_000 * MILLIS);
        ring.submit();
        Native.write(pipe[1], "later");
        assertThat(results(Completion.awaitSorted(ring, 2))).as("armed first").containsExactly(5, -Errno.ECANCELED);
    }

    /** L24, in part: with IOSQE_CQE_SKIP_SUCCESS, only those tell that were not asked to be silent. */
    @Test
    void shouldPostOneCompletionForAChainThatSucceedsSilently() {
        Native.assumeFeature(ring, UringConstants.IORING_FEAT_CQE_SKIP);
        nop(1, IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS);
        nop(2, IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS);
        nop(3, 0);
        nop(4, IOSQE_CQE_SKIP_SUCCESS);
        nop(5, 0);
        assertThat(Completion.awaitSorted(ring, 2)).containsExactly(new Completion(3, 0, 0), new Completion(5, 0, 0));
        assertThat(ring.waitCqeTimeout(5 * MILLIS)).isEqualTo(-Errno.ETIME);
    }

    /** A failure is told even of a silent request, and of the cancelled ones behind it that were not silent. */
    @Test
    void shouldTellAFailureInASilentChain() {
        Native.assumeFeature(ring, UringConstants.IORING_FEAT_CQE_SKIP);
        nop(1, IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS);
        failing(2, IOSQE_IO_LINK);
        nop(3, IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS);
        nop(4, 0);
        final List<Completion> loud = Completion.awaitSorted(ring, 3);
        assertThat(order(loud)).containsExactly(2L, 3L, 4L);
        assertThat(results(loud)).containsExactly(-Errno.ENOENT, -Errno.ECANCELED, -Errno.ECANCELED);

        failing(5, IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS);
        nop(6, IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS);
        nop(7, 0);
        assertThat(Completion.await(ring, 1))
                .as("a silent request that fails silences what it cancels")
                .containsExactly(new Completion(5, -Errno.ENOENT, 0));
        assertThat(ring.waitCqeTimeout(5 * MILLIS)).isEqualTo(-Errno.ETIME);
    }

    /** A ring that ever used suppressed completions cannot count for a drain: refused until Linux 6.16 learnt to. */
    @Test
    void shouldDrainAfterSilentRequestsOrRefuse() {
        Native.assumeFeature(ring, UringConstants.IORING_FEAT_CQE_SKIP);
        nop(1, IOSQE_CQE_SKIP_SUCCESS);
        nop(2, IOSQE_IO_DRAIN);
        assertThat(Completion.await(ring, 1).get(0))
                .isIn(new Completion(2, 0, 0), new Completion(2, -Errno.EOPNOTSUPP, 0));
    }

    /** A link at the end of a submission links nothing of the next one. */
    @Test
    void shouldEndAChainWithTheSubmission() {
        readPipe(1, IOSQE_IO_LINK);
        assertThat(ring.submit()).isEqualTo(1);
        nop(2, 0);
        assertThat(Completion.await(ring, 1)).containsExactly(new Completion(2, 0, 0));
        Native.write(pipe[1], "8 bytes!");
        assertThat(Completion.await(ring, 1)).containsExactly(new Completion(1, 8, 0));
    }

    /** A chain that an invalid request ends before it started cancels also those before it. */
    @Test
    void shouldCancelAChainWithAnInvalidRequest() {
        nop(1, IOSQE_IO_LINK);
        final Sqe invalid = sqe(2);
        invalid.prepNop();
        invalid.setPersonality(4711);
        invalid.setFlags(IOSQE_IO_LINK);
        nop(3, 0);
        assertThat(results(Completion.awaitSorted(ring, 3)))
                .isIn(List.of(-Errno.ECANCELED, -Errno.EINVAL, -Errno.ECANCELED), List.of(0, -Errno.EINVAL, 0)); // 5.10
    }
}
