package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_ALL;
import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_ANY;
import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_FD;
import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_FD_FIXED;
import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_OP;
import static dev.ringflow.uring.UringConstants.IORING_OP_POLL_ADD;
import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static dev.ringflow.uring.UringConstants.POLLIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cancelling by a call that waits. */
@Timeout(60)
class SyncCancelTest {
    private static final long FOR_EVER = -1;
    private static final long SECOND = 1_000_000_000L;

    private Uring ring;
    private int[] pipe;
    private final ByteBuffer buffer = Memory.allocate(8, 8);

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(8);
        pipe = Native.pipe();
        assumeTrue(
                ring.registerSyncCancel(1, -1, 0, 0, FOR_EVER) == -Errno.ENOENT,
                "this kernel has no cancel call, or one that finds what is not there");
    }

    @AfterEach
    void close() {
        ring.close();
        Native.close(pipe);
    }

    private Sqe pendingRead(final long userData) {
        final Sqe sqe = ring.getSqe();
        sqe.prepRead(pipe[0], buffer, -1);
        sqe.setData64(userData);
        return sqe;
    }

    @Test
    void shouldCancelByUserData() {
        pendingRead(7);
        pendingRead(8);
        assertThat(ring.submit()).isEqualTo(2);

        assertThat(ring.registerSyncCancel(7, -1, 0, 0, FOR_EVER)).isZero();
        assertThat(Completion.await(ring, 1)).containsExactly(new Completion(7, -Errno.ECANCELED, 0));
        assertThat(ring.registerSyncCancel(7, -1, 0, 0, FOR_EVER)).isEqualTo(-Errno.ENOENT);

        Native.write(pipe[1], "data");
        assertThat(Completion.await(ring, 1)).as("the other").containsExactly(new Completion(8, 4, 0));
    }

    @Test
    void shouldWaitForAWorkerThatIsAtIt() {
        pendingRead(7).setFlags(IOSQE_ASYNC);
        assertThat(ring.submit()).isEqualTo(1);

        assertThat(ring.registerSyncCancel(7, -1, 0, 0, 10 * SECOND)).isNotNegative();

        final List<Completion> completions = Completion.await(ring, 1);
        assertThat(completions.get(0).userData()).isEqualTo(7);
        assertThat(completions.get(0).res()).isIn(-Errno.ECANCELED, -Errno.EINTR);
        assertThat(ring.registerSyncCancel(7, -1, 0, 0, 0)).as("it is gone").isEqualTo(-Errno.ENOENT);
    }

    @Test
    void shouldCancelAllOfAFile() {
        pendingRead(1);
        pendingRead(2);
        final Sqe timer = ring.getSqe();
        timer.prepPollAdd(pipe[1], UringConstants.POLLPRI);
        timer.setData64(3);
        assertThat(ring.submit()).isEqualTo(3);

        final int flags = IORING_ASYNC_CANCEL_FD | IORING_ASYNC_CANCEL_ALL;
        assertThat(ring.registerSyncCancel(0, pipe[0], flags, 0, FOR_EVER)).isNotNegative();
        assertThat(Completion.awaitSorted(ring, 2))
                .containsExactly(new Completion(1, -Errno.ECANCELED, 0), new Completion(2, -Errno.ECANCELED, 0));

        final int any = IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL;
        assertThat(ring.registerSyncCancel(0, -1, any, 0, FOR_EVER)).isNotNegative();
        assertThat(Completion.await(ring, 1)).containsExactly(new Completion(3, -Errno.ECANCELED, 0));
    }

    @Test
    void shouldCancelByOpcode() {
        final ByteBuffer nothing = Memory.allocate(64, 8).putInt(12, IORING_ASYNC_CANCEL_OP);
        nothing.put(32, (byte) UringConstants.IORING_OP_FSYNC);
        assumeTrue(
                ring.registerSyncCancel(Memory.address(nothing)) != -Errno.EINVAL,
                "this kernel cannot cancel by opcode");
        pendingRead(1);
        final Sqe poll = ring.getSqe();
        poll.prepPollAdd(pipe[0], POLLIN);
        poll.setData64(2);
        assertThat(ring.submit()).isEqualTo(2);
        assertThat(ring.registerSyncCancel(0, -1, IORING_ASYNC_CANCEL_OP, IORING_OP_POLL_ADD, FOR_EVER))
                .isZero();
        assertThat(Completion.await(ring, 1)).containsExactly(new Completion(2, -Errno.ECANCELED, 0));
        Native.write(pipe[1], "x");
        assertThat(Completion.await(ring, 1)).as("the read is left").containsExactly(new Completion(1, 1, 0));
    }

    @Test
    void shouldCancelByRegisteredFile() {
        assertThat(ring.registerFiles(pipe[0])).isZero();
        final Sqe sqe = ring.getSqe();
        sqe.prepRead(0, buffer, -1);
        sqe.setFlags(UringConstants.IOSQE_FIXED_FILE);
        sqe.setData64(5);
        assertThat(ring.submit()).isEqualTo(1);

        final int flags = IORING_ASYNC_CANCEL_FD | IORING_ASYNC_CANCEL_FD_FIXED;
        assertThat(ring.registerSyncCancel(0, 0, flags, 0, FOR_EVER)).isZero();
        assertThat(Completion.await(ring, 1)).containsExactly(new Completion(5, -Errno.ECANCELED, 0));
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        assertThat(ring.registerSyncCancel(0, -1, 1 << 20, 0, FOR_EVER)).isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerSyncCancel(0, 1_000_000, IORING_ASYNC_CANCEL_FD, 0, FOR_EVER))
                .isEqualTo(-Errno.EBADF);
        assertThat(ring.registerSyncCancel(0)).isIn(-Errno.EINVAL, -Errno.EFAULT);
        final ByteBuffer padded = Memory.allocate(UringRegistration.SyncCancel.SIZE, 8);
        padded.put(UringRegistration.SyncCancel.OPCODE + 1, (byte) 1);
        assertThat(ring.registerSyncCancel(Memory.address(padded)))
                .as("padding")
                .isEqualTo(-Errno.EINVAL);
    }
}
