package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ENTER_GETEVENTS;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQSIZE;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_R_DISABLED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQPOLL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQ_AFF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code io_uring_setup(2)} and {@code io_uring_enter(2)} answer to wrong arguments. */
@Timeout(60)
class RawCallsTest {
    private final ByteBuffer params = Memory.allocate(ParamsLayout.SIZE, 8);

    private int setup(final int entries, final int flags, final int cqEntries, final int cpu) {
        for (int i = 0; i < ParamsLayout.SIZE; i += 8) {
            params.putLong(i, 0);
        }
        params.putInt(ParamsLayout.FLAGS, flags);
        params.putInt(ParamsLayout.CQ_ENTRIES, cqEntries);
        params.putInt(ParamsLayout.SQ_THREAD_CPU, cpu);
        return LibC.ioUringSetup(entries, Memory.address(params));
    }

    /** S1. */
    @Test
    void shouldRefuseWrongSetups() {
        assertThat(setup(0, 0, 0, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(LibC.ioUringSetup(1, 0)).isEqualTo(-Errno.EFAULT);
        assertThat(setup(1, ~0, 0, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(setup(1, IORING_SETUP_SQ_AFF, 0, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(setup(1, IORING_SETUP_SQPOLL | IORING_SETUP_SQ_AFF, 0, 100_000))
                .isEqualTo(-Errno.EINVAL);

        params.putInt(ParamsLayout.FLAGS, 0).putInt(28, 1); // resv[0]
        assertThat(LibC.ioUringSetup(1, Memory.address(params))).isEqualTo(-Errno.EINVAL);
    }

    /** S1. */
    @Test
    void shouldNotBeReadAsAFile() throws UringException {
        try (Uring ring = Uring.open(4)) {
            assertThat(LibC.read(ring.ringFd(), Memory.address(params), 8)).isEqualTo(-Errno.EINVAL);
        }
    }

    /** S3. */
    @Test
    void shouldGiveTheCompletionQueueThatWasAskedFor() {
        final int fd = setup(4, IORING_SETUP_CQSIZE, 64, 0);
        assertThat(fd).isPositive();
        assertThat(params.getInt(ParamsLayout.CQ_ENTRIES)).isGreaterThanOrEqualTo(64);
        LibC.close(fd);
        assertThat(setup(4, IORING_SETUP_CQSIZE, 0, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(setup(4, IORING_SETUP_CQSIZE, 2, 0)).isEqualTo(-Errno.EINVAL);
    }

    /** S2. */
    @Test
    void shouldRefuseWrongEnters() throws UringException {
        final int[] pipe = Native.pipe();
        try (Uring ring = Uring.open(UringParams.of(4).withWishedFlags(0))) {
            assertThat(ring.enterRing(1, 0, ~0)).isEqualTo(-Errno.EINVAL);
            assertThat(LibC.ioUringEnter(-1, 1, 0, 0)).isEqualTo(-Errno.EBADF);
            assertThat(LibC.ioUringEnter(pipe[0], 1, 0, 0)).isEqualTo(-Errno.EOPNOTSUPP);
            assertThat(ring.enterRing(0, 0, 0)).isZero();
            assertThat(ring.enterRing(0, 0, IORING_ENTER_GETEVENTS)).isZero();
        }
        Native.close(pipe);
    }

    /** S11. */
    @Test
    void shouldRefuseToEnterADisabledRing() throws UringException {
        try (Uring ring = Uring.open(UringParams.of(4).withFlags(IORING_SETUP_R_DISABLED))) {
            ring.getSqe();
            assertThat(ring.submit()).isEqualTo(-Errno.EBADFD);
            assertThat(ring.enableRings()).isZero();
            assertThat(ring.enableRings()).as("again; early 5.10 does not mind").isIn(-Errno.EBADFD, 0);
            final int submitted = ring.submit();
            assumeTrue(submitted != -Errno.EBADFD, "this kernel says that it enabled the ring, and did not");
            assertThat(Completion.awaitResult(ring)).isZero();
        }
    }
}
