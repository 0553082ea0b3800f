package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_POLL_ADD_LEVEL;
import static dev.ringflow.uring.UringConstants.IORING_POLL_ADD_MULTI;
import static dev.ringflow.uring.UringConstants.IORING_POLL_UPDATE_EVENTS;
import static dev.ringflow.uring.UringConstants.IORING_POLL_UPDATE_USER_DATA;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static dev.ringflow.uring.UringConstants.POLLHUP;
import static dev.ringflow.uring.UringConstants.POLLIN;
import static dev.ringflow.uring.UringConstants.POLLOUT;
import static dev.ringflow.uring.UringConstants.POLLRDHUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Timespec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Polls: once and again, by edge and by level, changed while armed, against a time, of many files. */
@Timeout(60)
class PollRequestsTest {
    private static final long MILLIS = 1_000_000L;

    private Uring ring;
    private int[] pipe;
    private final ByteBuffer buffer = Memory.allocate(64, 8);
    private final ByteBuffer time = Memory.allocate(Timespec.SIZE, 8);

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

    private Sqe sqe(final long userData) {
        final Sqe sqe = ring.getSqe();
        sqe.setData64(userData);
        return sqe;
    }

    private ByteBuffer time(final long nanos) {
        Timespec.setNanos(time, 0, nanos);
        return time;
    }

    private void drainPipe() {
        assertThat(LibC.read(pipe[0], Memory.address(buffer), 64)).isPositive();
    }

    private void expectNothing() {
        assertThat(ring.waitCqeTimeout(3 * MILLIS)).isEqualTo(-Errno.ETIME);
    }

    private void assumeArmed(final String what) {
        ring.submitAndGetEvents();
        final Cqe early = ring.peekCqe();
        assumeTrue(early == null || early.res() != -Errno.EINVAL, "this kernel has no " + what);
    }

    @Test
    void shouldTellTheEventsOnce() {
        sqe(1).prepPollAdd(pipe[0], POLLIN);
        ring.submit();
        expectNothing();
        Native.write(pipe[1], "x");
        final Completion ready = Completion.await(ring, 1).get(0);
        assertThat(ready.res() & 0xFFFF & ~0x40).isEqualTo(POLLIN);
        assertThat(ready.hasMore()).isFalse();
        Native.write(pipe[1], "x");
        expectNothing();

        sqe(2).prepPollAdd(pipe[1], POLLOUT);
        assertThat(Completion.awaitResult(ring) & POLLOUT).as("room to write").isNotZero();
        sqe(3).prepPollAdd(12_345, POLLIN);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void shouldTellAHangUpUnasked() {
        sqe(1).prepPollAdd(pipe[0], POLLIN);
        ring.submit();
        Native.close(pipe[1]);
        pipe[1] = -1;
        assertThat(Completion.awaitResult(ring) & POLLHUP).isNotZero();
    }

    /** Masks have 32 bits: POLLRDHUP is above the first eight. */
    @Test
    void shouldTellTheEndOfThePeersWriting() throws IOException {
        final int[] sockets = Native.socketPair();
        sqe(1).prepPollAdd(sockets[1], POLLRDHUP);
        ring.submit();
        expectNothing();
        LibC.shutdown(sockets[0], UringConstants.SHUT_WR);
        assertThat(Completion.awaitResult(ring) & POLLRDHUP).isNotZero();
        Native.close(sockets);
    }

    /** P14: a ring is a file too. With DEFER_TASKRUN, 6.1 does not wake such polls. */
    @Test
    void shouldPollRings() throws IOException {
        final UringParams plain = UringParams.of(8).withWishedFlags(0);
        try (Uring polled = Uring.open(plain);
                Uring other = Uring.open(plain)) {
            final Sqe self = polled.getSqe();
            self.setData64(1);
            self.prepPollAdd(polled.ringFd(), POLLIN);
            polled.submit();
            final Sqe nop = polled.getSqe();
            nop.setData64(2);
            nop.prepNop();
            assertThat(Completion.awaitSorted(polled, 2).get(0).res() & POLLIN)
                    .as("itself")
                    .isNotZero();

            polled.getSqe().prepPollAdd(other.ringFd(), POLLIN);
            polled.submit();
            assertThat(polled.waitCqeTimeout(3 * MILLIS)).isEqualTo(-Errno.ETIME);
            other.getSqe().prepNop();
            other.submit();
            assertThat(Completion.awaitResult(polled) & POLLIN).as("another").isNotZero();
            Completion.await(other, 1);
        }
    }

    /** P14. */
    @Test
    void shouldEndAPollByItsLinkTimeout() {
        final Sqe poll = sqe(1);
        poll.prepPollAdd(pipe[0], POLLIN);
        poll.setFlags(IOSQE_IO_LINK);
        sqe(2).prepLinkTimeout(time(20 * MILLIS), 0);
        assertThat(Completion.awaitSorted(ring, 2))
                .extracting(Completion::res)
                .containsExactly(-Errno.ECANCELED, -Errno.ETIME);
    }

    /** P14. */
    @Test
    void shouldEndTheLinkTimeoutOfAPollThatIsReady() {
        final Sqe poll = sqe(1);
        poll.prepPollAdd(pipe[0], POLLIN);
        poll.setFlags(IOSQE_IO_LINK);
        sqe(2).prepLinkTimeout(time(10_000 * MILLIS), 0);
        ring.submit();
        Native.write(pipe[1], "x");
        final List<Completion> both = Completion.awaitSorted(ring, 2);
        assertThat(both.get(0).res() & POLLIN).isNotZero();
        assertThat(both.get(1).res()).isEqualTo(-Errno.ECANCELED);
    }

    /** P14: of many files, each is told, and none twice. */
    @Test
    void shouldPollManyFiles() throws IOException {
        final int count = 200;
        final List<int[]> pipes = new ArrayList<>();
        try (Uring large = Uring.open(256)) {
            for (int i = 0; i < count; i++) {
                pipes.add(Native.pipe());
                final Sqe sqe = large.getSqe();
                sqe.setData64(i);
                sqe.prepPollAdd(pipes.get(i)[0], POLLIN);
            }
            large.submit();
            for (int i = count - 1; i >= 0; i--) {
                Native.write(pipes.get(i)[1], "x");
            }
            final List<Completion> completions = Completion.awaitSorted(large, count);
            for (int i = 0; i < count; i++) {
                assertThat(completions.get(i).userData()).isEqualTo(i);
                assertThat(completions.get(i).res() & POLLIN).isNotZero();
            }
        } finally {
            pipes.forEach(Native::close);
        }
    }

    /** P14: whoever wins, the poll completes once, and the two completions agree. */
    @Test
    void shouldAgreeWhoWonWhenARemovalRacesWithTheEvent() throws Exception {
        for (int round = 0; round < 100; round++) {
            sqe(1).prepPollAdd(pipe[0], POLLIN);
            ring.submit();
            final Thread writer = new Thread(() -> Native.write(pipe[1], "x"));
            writer.start();
            sqe(2).prepPollRemove(1);
            final List<Completion> both = Completion.awaitSorted(ring, 2);
            writer.join();
            drainPipe();
            if (both.get(0).res() == -Errno.ECANCELED) {
                assertThat(both.get(1).res()).isIn(0, -Errno.EALREADY);
            } else {
                assertThat(both.get(0).res() & POLLIN).isNotZero();
                assertThat(both.get(1).res()).isIn(-Errno.ENOENT, -Errno.EALREADY);
            }
        }
    }

    @Test
    void shouldTellEveryEdge() {
        sqe(1).prepPollMultishot(pipe[0], POLLIN);
        assumeArmed("multishot polls");
        for (int i = 0; i < 4; i++) {
            Native.write(pipe[1], "x");
            final Completion shot = Completion.await(ring, 1).get(0);
            assertThat(shot.res() & POLLIN).isNotZero();
            assertThat(shot.hasMore()).isTrue();
            expectNothing(); // still readable, but no edge
        }
        sqe(2).prepPollRemove(1);
        final List<Completion> end = Completion.awaitSorted(ring, 2);
        assertThat(end).containsExactly(new Completion(1, -Errno.ECANCELED, 0), new Completion(2, 0, 0));
    }

    /**
     * A level-triggered poll that stays armed tells again as long as the file is ready: at each look, so once a
     * wake-up.
     */
    @Test
    void shouldTellTheLevel() {
        final Sqe poll = sqe(1);
        poll.prepPollMultishot(pipe[0], POLLIN);
        poll.setLen(IORING_POLL_ADD_MULTI | IORING_POLL_ADD_LEVEL);
        assumeArmed("level-triggered polls");
        expectNothing();
        Native.write(pipe[1], "x");
        final Completion shot = Completion.await(ring, 1).get(0);
        assertThat(shot.res() & POLLIN).isNotZero();
        assertThat(shot.hasMore()).isTrue();
        drainPipe();
        sqe(2).prepPollRemove(1);
        final List<Completion> end = Completion.awaitUserData(ring, 2);
        assertThat(end).contains(new Completion(2, 0, 0));

        Native.write(pipe[1], "x");
        final Sqe once = sqe(3);
        once.prepPollAdd(pipe[0], POLLIN);
        once.setLen(IORING_POLL_ADD_LEVEL);
        final List<Completion> ready = Completion.awaitUserData(ring, 3);
        assertThat(ready)
                .filteredOn(completion -> completion.userData() == 3)
                .singleElement()
                .satisfies(completion -> assertThat(completion.res() & POLLIN).isNotZero());
    }

    @Test
    void shouldRefuseFlagsThatAreNone() {
        final Sqe poll = sqe(1);
        poll.prepPollAdd(pipe[0], POLLIN);
        poll.setLen(1 << 20);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void shouldChangeTheEventsOfAPoll() {
        final int[] sockets = socketPair();
        sqe(1).prepPollMultishot(sockets[0], POLLIN);
        assumeArmed("multishot polls");
        expectNothing();
        sqe(2).prepPollUpdate(1, 0, POLLOUT, IORING_POLL_UPDATE_EVENTS | IORING_POLL_ADD_MULTI);
        final List<Completion> changed = Completion.awaitSorted(ring, 2);
        assertThat(changed.get(0).userData()).isEqualTo(1);
        assertThat(changed.get(0).res() & POLLOUT)
                .as("at once, for there is room")
                .isNotZero();
        assertThat(changed.get(0).res() & POLLIN).isZero();
        assertThat(changed.get(1)).isEqualTo(new Completion(2, 0, 0));
        Native.close(sockets);
    }

    @Test
    void shouldChangeTheUserDataOfAPoll() {
        sqe(1).prepPollMultishot(pipe[0], POLLIN);
        assumeArmed("multishot polls");
        sqe(2).prepPollUpdate(1, 9, 0, IORING_POLL_UPDATE_USER_DATA | IORING_POLL_ADD_MULTI);
        assertThat(Completion.awaitResult(ring)).isZero();
        Native.write(pipe[1], "x");
        assertThat(Completion.await(ring, 1).get(0).userData()).isEqualTo(9);
        sqe(3).prepPollUpdate(1, 8, 0, IORING_POLL_UPDATE_USER_DATA | IORING_POLL_ADD_MULTI);
        assertThat(Completion.awaitResult(ring)).as("the old name is gone").isEqualTo(-Errno.ENOENT);
        drainPipe();

        sqe(4).prepPollUpdate(
                        9,
                        10,
                        POLLIN,
                        IORING_POLL_UPDATE_USER_DATA | IORING_POLL_UPDATE_EVENTS | IORING_POLL_ADD_MULTI);
        assertThat(Completion.awaitResult(ring)).as("both").isZero();
        Native.write(pipe[1], "x");
        assertThat(Completion.await(ring, 1).get(0).userData()).isEqualTo(10);
        sqe(5).prepPollRemove(10);
        assertThat(Completion.awaitSorted(ring, 2))
                .containsExactly(new Completion(5, 0, 0), new Completion(10, -Errno.ECANCELED, 0));
    }

    private static int[] socketPair() {
        try {
            return Native.socketPair();
        } catch (final UringException e) {
            throw new AssertionError(e);
        }
    }
}
