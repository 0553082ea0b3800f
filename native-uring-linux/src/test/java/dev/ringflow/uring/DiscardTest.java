package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_OP_URING_CMD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * F19: telling a block device what is no longer used. The device that {@code RINGFLOW_TEST_BLOCK_DEVICE} names loses the
 * content of its first 64 KiB; a loop device over a file of 1 MiB or more will do.
 */
@Timeout(60)
class DiscardTest {
    private static final int BLOCK = 4096;

    @TempDir
    private Path directory;

    private Uring ring;

    @BeforeEach
    void open() throws UringException {
        ring = Uring.open(8);
        Native.assumeOpcode(ring, IORING_OP_URING_CMD);
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private int discard(final int fd, final long offset, final long nbytes) {
        return Request.result(ring, sqe -> sqe.prepCmdDiscard(fd, offset, nbytes));
    }

    /** F19. */
    @Test
    void shouldRefuseWhatIsNoBlockDevice() throws IOException {
        final int fd = Native.open(directory.resolve("file"));
        assertThat(discard(fd, 0, BLOCK)).isIn(-Errno.EOPNOTSUPP, -Errno.EINVAL);
        assertThat(discard(Request.NO_FD, 0, BLOCK)).isEqualTo(-Errno.EBADF);
        Native.close(fd);
    }

    /** F19. */
    @Test
    void shouldDiscardWholeBlocks() throws IOException {
        final String device = System.getenv("RINGFLOW_TEST_BLOCK_DEVICE");
        assumeTrue(device != null, "RINGFLOW_TEST_BLOCK_DEVICE names no block device to write to");
        final int fd = Native.open(Path.of(device));
        final ByteBuffer out = Request.fill(Memory.allocate(16 * BLOCK, BLOCK), 1);
        final ByteBuffer in = Memory.allocate(16 * BLOCK, BLOCK);
        assertThat(Request.result(ring, sqe -> sqe.prepWrite(fd, out, 0))).isEqualTo(16 * BLOCK);
        assertThat(Request.result(ring, sqe -> sqe.prepFsync(fd, 0))).isZero();
        final int result = discard(fd, BLOCK, 4 * BLOCK);
        assumeTrue(result != -Errno.EOPNOTSUPP, "this kernel or device cannot discard by a ring");
        assertThat(result).isZero();
        assertThat(Request.result(ring, sqe -> sqe.prepRead(fd, in, 0))).isEqualTo(16 * BLOCK);
        assertThat(in.slice(0, BLOCK)).isEqualTo(out.slice(0, BLOCK));
        assertThat(in.slice(5 * BLOCK, 11 * BLOCK)).isEqualTo(out.slice(5 * BLOCK, 11 * BLOCK));
        assertThat(in.slice(BLOCK, 4 * BLOCK)).isNotEqualTo(out.slice(BLOCK, 4 * BLOCK));

        assertThat(discard(fd, 1, BLOCK)).as("not aligned").isEqualTo(-Errno.EINVAL);
        assertThat(discard(fd, 0, 1)).as("not aligned").isEqualTo(-Errno.EINVAL);
        assertThat(discard(fd, 0, 1L << 60)).as("beyond the end").isEqualTo(-Errno.EINVAL);
        assertThat(discard(fd, 0, 0)).as("nothing").isEqualTo(-Errno.EINVAL);
        Native.close(fd);
    }
}
