package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.CLD_CONTINUED;
import static dev.ringflow.uring.UringConstants.CLD_EXITED;
import static dev.ringflow.uring.UringConstants.CLD_KILLED;
import static dev.ringflow.uring.UringConstants.CLD_STOPPED;
import static dev.ringflow.uring.UringConstants.P_PID;
import static dev.ringflow.uring.UringConstants.P_PIDFD;
import static dev.ringflow.uring.UringConstants.SIGCHLD;
import static dev.ringflow.uring.UringConstants.WCONTINUED;
import static dev.ringflow.uring.UringConstants.WEXITED;
import static dev.ringflow.uring.UringConstants.WNOHANG;
import static dev.ringflow.uring.UringConstants.WNOWAIT;
import static dev.ringflow.uring.UringConstants.WSTOPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.uring.struct.SigInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for real children, and cancelling the wait. */
@Timeout(60)
class WaitidRequestsTest {
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final int SIGCONT = 18;
    private static final int SIGSTOP = 19;

    private Uring ring;
    private final ByteBuffer info = Memory.allocate(SigInfo.SIZE, 8);

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(16);
        Native.assumeOpcode(ring, UringConstants.IORING_OP_WAITID);
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private Sqe sqe(final long userData) {
        final Sqe sqe = ring.getSqe();
        sqe.setData64(userData);
        return sqe;
    }

    private void expect(final Child child, final int code, final int status) {
        assertThat(SigInfo.signo(info, 0)).isEqualTo(SIGCHLD);
        assertThat(SigInfo.errno(info, 0)).isZero();
        assertThat(SigInfo.code(info, 0)).isEqualTo(code);
        assertThat(SigInfo.pid(info, 0)).isEqualTo(child.pid());
        assertThat(SigInfo.uid(info, 0)).isNotNegative();
        assertThat(SigInfo.status(info, 0)).isEqualTo(status);
    }

    @Test
    void shouldTellTheExitStatusOfAChild() {
        try (Child child = Child.start("sh", "-c", "exit 42")) {
            sqe(1).prepWaitid(P_PID, child.pid(), info, WEXITED, 0);
            assertThat(Completion.awaitResult(ring)).isZero();
            expect(child, CLD_EXITED, 42);
            sqe(2).prepWaitid(P_PID, child.pid(), info, WEXITED, 0);
            assertThat(Completion.awaitResult(ring)).as("reaped").isEqualTo(-Errno.ECHILD);
        }
    }

    @Test
    void shouldWaitUntilAChildEnds() {
        try (Child child = Child.start("sleep", "1000")) {
            sqe(1).prepWaitid(P_PID, child.pid(), info, WEXITED, 0);
            ring.submit();
            sqe(2).prepWaitid(P_PID, child.pid(), 0L, WEXITED | WNOHANG, 0);
            assertThat(Completion.await(ring, 1)).as("not yet").containsExactly(new Completion(2, 0, 0));
            child.kill(SIGTERM);
            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(1, 0, 0));
            expect(child, CLD_KILLED, SIGTERM);
        }
    }

    @Test
    void shouldTellNothingWhenNothingHappenedAndItMayNotWait() {
        try (Child child = Child.start("sleep", "1000")) {
            info.putInt(SigInfo.SIGNO, 99);
            info.putInt(SigInfo.PID, 99);
            sqe(1).prepWaitid(P_PID, child.pid(), info, WEXITED | WNOHANG, 0);
            assertThat(Completion.awaitResult(ring)).isZero();
            assertThat(SigInfo.signo(info, 0)).isZero();
            assertThat(SigInfo.pid(info, 0)).isZero();
        }
    }

    @Test
    void shouldTellStopAndContinuation() {
        try (Child child = Child.start("sleep", "1000")) {
            sqe(1).prepWaitid(P_PID, child.pid(), info, WSTOPPED, 0);
            ring.submit();
            child.kill(SIGSTOP);
            assertThat(Completion.awaitResult(ring)).isZero();
            expect(child, CLD_STOPPED, SIGSTOP);
            sqe(2).prepWaitid(P_PID, child.pid(), info, WCONTINUED, 0);
            ring.submit();
            child.kill(SIGCONT);
            assertThat(Completion.awaitResult(ring)).isZero();
            expect(child, CLD_CONTINUED, SIGCONT);
        }
    }

    @Test
    void shouldLeaveAChildToBeWaitedForAgain() {
        try (Child child = Child.start("sh", "-c", "exit 3")) {
            for (int i = 0; i < 3; i++) {
                sqe(i).prepWaitid(P_PID, child.pid(), info, WEXITED | WNOWAIT, 0);
                assertThat(Completion.awaitResult(ring)).isZero();
                expect(child, CLD_EXITED, 3);
            }
        }
    }

    @Test
    void shouldWaitByPidfd() {
        try (Child child = Child.start("sleep", "1000")) {
            final int pidfd = child.pidfd();
            assertThat(pidfd).isPositive();
            sqe(1).prepWaitid(P_PIDFD, pidfd, Memory.address(info), WEXITED, 0);
            ring.submit();
            child.kill(SIGKILL);
            assertThat(Completion.awaitResult(ring)).isZero();
            expect(child, CLD_KILLED, SIGKILL);
            Native.close(pidfd);
        }
    }

    /** C8. */
    @Test
    void shouldCancelAPendingWait() {
        try (Child child = Child.start("sleep", "1000")) {
            sqe(1).prepWaitid(P_PID, child.pid(), info, WEXITED, 0);
            ring.submit();
            sqe(2).prepCancel64(1, 0);
            final List<Completion> both = Completion.awaitSorted(ring, 2);
            assertThat(both.get(0)).isEqualTo(new Completion(1, -Errno.ECANCELED, 0));
            assertThat(both.get(1).res()).isIn(0, 1);

            child.kill(SIGKILL);
            sqe(3).prepWaitid(P_PID, child.pid(), info, WEXITED, 0);
            assertThat(Completion.awaitResult(ring))
                    .as("the child is still to be had")
                    .isZero();
            expect(child, CLD_KILLED, SIGKILL);
        }
    }

    /** C8: whoever wins, the wait completes once, and the child is reaped by it or still to be had. */
    @Test
    void shouldAgreeWhoWonWhenACancelRacesWithTheEnd() {
        for (int round = 0; round < 20; round++) {
            try (Child child = Child.start("sleep", "1000")) {
                sqe(1).prepWaitid(P_PID, child.pid(), info, WEXITED, 0);
                ring.submit();
                child.kill(SIGKILL);
                if (round % 2 == 0) {
                    Thread.yield();
                }
                sqe(2).prepCancel64(1, 0);
                final List<Completion> both = Completion.awaitSorted(ring, 2);
                assertThat(both).extracting(Completion::userData).containsExactly(1L, 2L);
                assertThat(both.get(0).res()).isIn(0, -Errno.ECANCELED);
                assertThat(both.get(1).res()).isIn(1, 0, -Errno.ENOENT, -Errno.EALREADY);
                if (both.get(0).res() != 0) {
                    sqe(3).prepWaitid(P_PID, child.pid(), info, WEXITED, 0);
                    assertThat(Completion.awaitResult(ring)).isZero();
                }
                expect(child, CLD_KILLED, SIGKILL);
            }
        }
    }

    @Test
    void shouldRefuseWaitsForNothing() {
        sqe(1).prepWaitid(P_PID, Native.LIBC.getpid(), info, WEXITED, 0);
        assertThat(Completion.awaitResult(ring)).as("no child").isEqualTo(-Errno.ECHILD);
        try (Child child = Child.start("sleep", "1000")) {
            sqe(2).prepWaitid(P_PID, child.pid(), info, 0, 0);
            assertThat(Completion.awaitResult(ring)).as("no event").isEqualTo(-Errno.EINVAL);
            sqe(3).prepWaitid(P_PID, child.pid(), info, WEXITED, 1);
            assertThat(Completion.awaitResult(ring)).as("flags").isEqualTo(-Errno.EINVAL);
            sqe(4).prepWaitid(P_PIDFD, 12_345, info, WEXITED, 0);
            assertThat(Completion.awaitResult(ring)).as("pidfd").isEqualTo(-Errno.EBADF);
            child.kill(SIGKILL);
            sqe(5).prepWaitid(P_PID, child.pid(), 8, WEXITED, 0);
            assertThat(Completion.awaitResult(ring)).as("address").isEqualTo(-Errno.EFAULT);
        }
    }

    @Test
    void shouldRefuseBuffersThatCannotHoldTheAnswer() {
        final Sqe sqe = sqe(1);
        assertThatThrownBy(() -> sqe.prepWaitid(P_PID, 1, Memory.allocate(127, 8), WEXITED, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("128 bytes");
        assertThatThrownBy(() -> sqe.prepWaitid(P_PID, 1, info.asReadOnlyBuffer(), WEXITED, 0))
                .isInstanceOf(ReadOnlyBufferException.class);
    }
}
