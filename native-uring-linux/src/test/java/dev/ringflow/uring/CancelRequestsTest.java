package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_ALL;
import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_ANY;
import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_FD;
import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_FD_FIXED;
import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_OP;
import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_USERDATA;
import static dev.ringflow.uring.UringConstants.IORING_OP_POLL_ADD;
import static dev.ringflow.uring.UringConstants.IORING_OP_READ;
import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static dev.ringflow.uring.UringConstants.POLLIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Timespec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What cancels find, what they answer, and what becomes of the others. */
@Timeout(60)
class CancelRequestsTest {
    private static final long MILLIS = 1_000_000L;
    private static final long CANCEL = 1_000;

    private Uring ring;
    private int[] pipe;
    private int[] otherPipe;
    private final ByteBuffer buffer = Memory.allocate(64, 8);

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(64);
        pipe = Native.pipe();
        otherPipe = Native.pipe();
    }

    @AfterEach
    void close() {
        ring.close();
        Native.close(pipe);
        Native.close(otherPipe);
    }

    private Sqe sqe(final long userData) {
        final Sqe sqe = ring.getSqe();
        sqe.setData64(userData);
        return sqe;
    }

    private Sqe read(final long userData, final int fd) {
        final Sqe sqe = sqe(userData);
        sqe.prepRead(fd, Memory.address(buffer), 8, -1);
        return sqe;
    }

    private Sqe poll(final long userData, final int fd) {
        final Sqe sqe = sqe(userData);
        sqe.prepPollAdd(fd, POLLIN);
        return sqe;
    }

    private void longTimeout(final long userData) {
        final ByteBuffer time = Memory.allocate(Timespec.SIZE, 8);
        Timespec.setNanos(time, 0, 3_600_000 * MILLIS);
        sqe(userData).prepTimeout(time, 0, 0);
    }

    private void assumeCancelFlags() {
        sqe(CANCEL).prepCancel64(77, IORING_ASYNC_CANCEL_ALL);
        assumeTrue(Completion.awaitResult(ring) != -Errno.EINVAL, "this kernel has no flags for cancels");
    }

    /** By what it does: 6.1 does not refuse the flag, but does not find requests by it. */
    private void assumeCancelByOpcode() {
        poll(77, pipe[0]);
        ring.submit();
        final Sqe byOpcode = sqe(CANCEL);
        byOpcode.prepCancel64(0, IORING_ASYNC_CANCEL_OP | IORING_ASYNC_CANCEL_ALL);
        byOpcode.setLen(IORING_OP_POLL_ADD);
        final List<Completion> seen = Completion.awaitUserData(ring, CANCEL);
        final boolean found = seen.contains(new Completion(CANCEL, 1, 0));
        if (found) {
            Completion.await(ring, 2 - seen.size());
        } else {
            sqe(CANCEL).prepCancel64(77, 0);
            Completion.await(ring, 2);
        }
        assumeTrue(found, "this kernel cannot cancel by opcode");
    }

    /** The answer of the cancel that was prepared last, when as many requests as told end cancelled with it. */
    private int cancelled(final long... ended) {
        final List<Completion> completions = Completion.awaitSorted(ring, ended.length + 1);
        assertThat(completions.stream().mapToLong(Completion::userData).limit(ended.length))
                .containsExactlyElementsOf(
                        IntStream.range(0, ended.length).mapToObj(i -> ended[i]).toList());
        assertThat(completions.stream().limit(ended.length))
                .allMatch(completion -> completion.res() == -Errno.ECANCELED || completion.res() == -Errno.EINTR)
                .noneMatch(Completion::hasMore);
        assertThat(completions.get(ended.length).userData()).isEqualTo(CANCEL);
        return completions.get(ended.length).res();
    }

    /** Nothing else ended: those that are told end when cancelled all at once now. */
    private void expectPending(final long... pending) {
        assertThat(ring.waitCqeTimeout(2 * MILLIS)).isEqualTo(-Errno.ETIME);
        for (final long userData : pending) {
            sqe(CANCEL).prepCancel64(userData, 0);
            assertThat(cancelled(userData)).isZero();
        }
    }

    /** C1. */
    @Test
    void shouldCancelAPollByUserData() {
        poll(1, pipe[0]);
        poll(2, pipe[0]);
        ring.submit();
        sqe(CANCEL).prepCancel64(1, 0);
        assertThat(cancelled(1)).isZero();
        sqe(CANCEL).prepCancel(1, 0);
        assertThat(Completion.awaitResult(ring)).as("gone").isEqualTo(-Errno.ENOENT);
        expectPending(2);
    }

    /**
     * Cancels the read 1 until it ends. The answer -EALREADY promises nothing: the interruption of a worker thread may come
     * just before it begins to wait, and then takes no effect.
     */
    private void cancelReadUntilItEnds() {
        final List<Completion> seen = new ArrayList<>();
        while (seen.stream().noneMatch(completion -> completion.userData() == 1)) {
            sqe(CANCEL).prepCancel64(1, 0);
            ring.submitAndWaitTimeout(2, 50 * MILLIS);
            ring.forEachCqe((userData, res, flags) -> seen.add(new Completion(userData, res, flags)));
        }
        assertThat(seen)
                .filteredOn(completion -> completion.userData() == 1)
                .singleElement()
                .satisfies(read -> assertThat(read.res()).isIn(-Errno.ECANCELED, -Errno.EINTR));
        assertThat(seen)
                .filteredOn(completion -> completion.userData() == CANCEL)
                .extracting(Completion::res)
                .first()
                .isIn(0, -Errno.EALREADY);
    }

    /** C1. */
    @Test
    void shouldCancelAPendingReadByUserData() {
        read(1, pipe[0]);
        ring.submit();
        cancelReadUntilItEnds();
        Native.write(pipe[1], "mine");
        assertThat(LibC.read(pipe[0], Memory.address(buffer) + 8, 8))
                .as("it took nothing")
                .isEqualTo(4);
    }

    /** C1: one that a worker thread runs is interrupted. */
    @Test
    void shouldCancelAReadThatAWorkerRuns() {
        read(1, pipe[0]).setFlags(IOSQE_ASYNC);
        ring.submit();
        cancelReadUntilItEnds();
        Native.write(pipe[1], "mine");
        assertThat(LibC.read(pipe[0], Memory.address(buffer) + 8, 8))
                .as("it took nothing")
                .isEqualTo(4);
    }

    /** C1: the rest of the chain goes with it. */
    @Test
    void shouldCancelAChainByItsHead() {
        poll(1, pipe[0]).setFlags(IOSQE_IO_LINK);
        sqe(2).prepNop();
        ring.submit();
        sqe(CANCEL).prepCancel64(1, 0);
        assertThat(cancelled(1, 2)).isZero();
    }

    /** C3. */
    @Test
    void shouldNotReachRequestsOfAnotherRing() throws IOException {
        try (Uring other = Uring.open(8)) {
            read(1, pipe[0]);
            ring.submit();
            final Sqe cancel = other.getSqe();
            cancel.prepCancel64(1, 0);
            assertThat(Completion.awaitResult(other)).isEqualTo(-Errno.ENOENT);
            final Sqe any = other.getSqe();
            any.prepCancel64(0, IORING_ASYNC_CANCEL_ANY);
            assertThat(Completion.awaitResult(other)).isIn(0, -Errno.ENOENT, -Errno.EINVAL);
            Native.write(pipe[1], "8 bytes!");
            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(1, 8, 0));
        }
    }

    /** C7. */
    @Test
    void shouldCancelAPendingAccept() {
        final int listener = Native.listen();
        sqe(1).prepAccept(listener, 0, 0, UringConstants.SOCK_CLOEXEC);
        ring.submit();
        sqe(CANCEL).prepCancel64(1, 0);
        final List<Completion> both = Completion.awaitSorted(ring, 2);
        assertThat(both.get(0).res()).isIn(-Errno.ECANCELED, -Errno.EINTR);
        assertThat(both.get(1).res()).isIn(0, -Errno.EALREADY);
        Native.close(listener);
    }

    /** C7: each of many accepts ends once, with each cancel answered. */
    @Test
    void shouldCancelHundredsOfAccepts() throws IOException {
        final int listener = Native.listen();
        try (Uring large = Uring.open(1024)) {
            for (int i = 0; i < 400; i++) {
                final Sqe sqe = large.getSqe();
                sqe.setData64(i);
                sqe.prepAccept(listener, 0, 0, UringConstants.SOCK_CLOEXEC);
            }
            assertThat(large.submit()).isEqualTo(400);
            for (int i = 0; i < 400; i++) {
                final Sqe sqe = large.getSqe();
                sqe.setData64(CANCEL + i);
                sqe.prepCancel64(i, 0);
            }
            final List<Completion> completions = Completion.awaitSorted(large, 800);
            for (int i = 0; i < 400; i++) {
                assertThat(completions.get(i).userData()).isEqualTo(i);
                assertThat(completions.get(i).res()).isIn(-Errno.ECANCELED, -Errno.EINTR);
                assertThat(completions.get(400 + i).userData()).isEqualTo(CANCEL + i);
                assertThat(completions.get(400 + i).res()).isIn(0, -Errno.EALREADY);
            }
        } finally {
            Native.close(listener);
        }
    }

    @Test
    void shouldCountWhatItCancelsByUserData() {
        assumeCancelFlags();
        for (int i = 0; i < 5; i++) {
            poll(1, pipe[0]);
        }
        poll(2, pipe[0]);
        ring.submit();
        sqe(CANCEL).prepCancel64(1, 0);
        assertThat(cancelled(1)).as("without ALL, the first one").isZero();
        sqe(CANCEL).prepCancel64(1, IORING_ASYNC_CANCEL_ALL);
        assertThat(cancelled(1, 1, 1, 1)).isEqualTo(4);
        sqe(CANCEL).prepCancel64(1, IORING_ASYNC_CANCEL_ALL);
        assertThat(Completion.awaitResult(ring)).isZero();
        expectPending(2);
    }

    @Test
    void shouldCancelByFile() {
        assumeCancelFlags();
        poll(1, pipe[0]);
        poll(2, otherPipe[0]);
        poll(3, pipe[0]);
        read(4, pipe[0]);
        longTimeout(5);
        ring.submit();
        sqe(CANCEL).prepCancelFd(pipe[0], IORING_ASYNC_CANCEL_ALL);
        assertThat(cancelled(1, 3, 4)).isEqualTo(3);
        sqe(CANCEL).prepCancelFd(pipe[0], 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ENOENT);
        sqe(CANCEL).prepCancelFd(12_345, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EBADF);
        sqe(CANCEL).prepCancelFd(otherPipe[0], 0);
        assertThat(cancelled(2)).isZero();
        expectPending(5);
    }

    @Test
    void shouldCancelByRegisteredFile() {
        assumeCancelFlags();
        assertThat(ring.registerFiles(-1, pipe[0], otherPipe[0])).isZero();
        final Sqe poll = sqe(1);
        poll.prepPollAdd(1, POLLIN);
        poll.setFlags(IOSQE_FIXED_FILE);
        poll(2, otherPipe[0]);
        ring.submit();
        sqe(CANCEL).prepCancelFd(1, IORING_ASYNC_CANCEL_FD_FIXED);
        final List<Completion> first = Completion.awaitUserData(ring, CANCEL);
        if (first.contains(new Completion(CANCEL, -Errno.EINVAL, 0))) {
            assumeTrue(false, "this kernel cannot cancel by registered file");
        }
        assertThat(first).contains(new Completion(CANCEL, 0, 0));
        if (first.size() == 1) {
            first.addAll(Completion.await(ring, 1));
        }
        assertThat(first).contains(new Completion(1, -Errno.ECANCELED, 0));
        sqe(CANCEL).prepCancelFd(0, IORING_ASYNC_CANCEL_FD_FIXED);
        assertThat(Completion.awaitResult(ring)).as("an empty slot").isEqualTo(-Errno.EBADF);
        sqe(CANCEL).prepCancelFd(99, IORING_ASYNC_CANCEL_FD_FIXED);
        assertThat(Completion.awaitResult(ring)).as("no slot").isEqualTo(-Errno.EBADF);
        sqe(CANCEL).prepCancelFd(2, IORING_ASYNC_CANCEL_FD_FIXED);
        assertThat(cancelled(2)).as("the same file by its descriptor").isZero();
    }

    @Test
    void shouldCancelByOpcode() {
        assumeCancelByOpcode();
        poll(1, pipe[0]);
        read(2, pipe[0]);
        longTimeout(3);
        poll(4, otherPipe[0]);
        ring.submit();
        final Sqe cancel = sqe(CANCEL);
        cancel.prepCancel64(0, IORING_ASYNC_CANCEL_OP | IORING_ASYNC_CANCEL_ALL);
        cancel.setCancelOpcode(IORING_OP_POLL_ADD);
        assertThat(cancelled(1, 4)).isEqualTo(2);
        final Sqe again = sqe(CANCEL);
        again.prepCancel64(0, IORING_ASYNC_CANCEL_OP);
        again.setCancelOpcode(IORING_OP_READ);
        assertThat(cancelled(2)).isZero();
        expectPending(3);
    }

    @Test
    void shouldMatchAllOfSeveralCriteria() {
        assumeCancelByOpcode();
        poll(1, pipe[0]);
        poll(1, otherPipe[0]);
        read(1, pipe[0]);
        poll(2, pipe[0]);
        ring.submit();
        final Sqe cancel = sqe(CANCEL);
        cancel.prepCancelFd(pipe[0], IORING_ASYNC_CANCEL_OP | IORING_ASYNC_CANCEL_USERDATA | IORING_ASYNC_CANCEL_ALL);
        cancel.setCancelOpcode(IORING_OP_POLL_ADD);
        cancel.setAddr(1);
        assertThat(cancelled(1)).as("user data, file and opcode").isEqualTo(1);
        sqe(CANCEL).prepCancel64(1, IORING_ASYNC_CANCEL_USERDATA | IORING_ASYNC_CANCEL_ALL);
        assertThat(cancelled(1, 1)).as("user data only").isEqualTo(2);
        expectPending(2);
    }

    @Test
    void shouldCancelAnything() {
        assumeCancelFlags();
        poll(1, pipe[0]);
        read(2, otherPipe[0]);
        longTimeout(3);
        sqe(4).prepAccept(pipe[0], 0, 0, 0);
        assertThat(Completion.await(ring, 1)).containsExactly(new Completion(4, -Errno.ENOTSOCK, 0));
        sqe(CANCEL).prepCancel64(0, IORING_ASYNC_CANCEL_ANY);
        assertThat(cancelled(1, 2, 3)).isEqualTo(3);
        sqe(CANCEL).prepCancel64(0, IORING_ASYNC_CANCEL_ANY);
        assertThat(Completion.awaitResult(ring)).isZero();
    }

    @Test
    void shouldRefuseCriteriaThatExcludeEachOther() {
        assumeCancelFlags();
        for (final int flags : new int[] {IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_FD, 1 << 20}) {
            sqe(CANCEL).prepCancel64(1, flags);
            assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EINVAL);
        }
    }

    /** A request that has not started, for it waits for a link, is not found; one that is drained is. */
    @Test
    void shouldNotFindARequestThatHasNotStarted() {
        poll(1, pipe[0]).setFlags(IOSQE_IO_LINK);
        poll(2, otherPipe[0]);
        ring.submit();
        sqe(CANCEL).prepCancel64(2, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ENOENT);
        sqe(CANCEL).prepCancel64(1, 0);
        assertThat(cancelled(1, 2)).isZero();
    }
}
