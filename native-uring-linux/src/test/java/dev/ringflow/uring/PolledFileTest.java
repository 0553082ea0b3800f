package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_SETUP_HYBRID_IOPOLL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_IOPOLL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.struct.Iovec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** F16: rings whose completions are polled from the device. */
@Timeout(60)
class PolledFileTest {
    private static final int PAGE = 4096;

    @TempDir
    private Path directory;

    private final ByteBuffer memory = Memory.allocate(8 * PAGE, PAGE);
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.write(directory.resolve("file"), Request.copy(Request.fill(ByteBuffer.allocate(8 * PAGE), 8)));
    }

    private static Uring openRing(final int flags) throws UringException {
        return Uring.open(UringParams.of(16).withFlags(IORING_SETUP_IOPOLL | flags));
    }

    private int openDirect() throws UringException {
        try (Uring ring = Uring.open(2)) {
            return Request.openDirect(ring, file);
        }
    }

    /** Without a timeout: old kernels make a request of it, and such rings take reads and writes only. */
    private static int result(final Uring ring, final Consumer<Sqe> preparation) {
        preparation.accept(ring.getSqe());
        assertThat(ring.submitAndWait(1)).isEqualTo(1);
        final Cqe cqe = ring.peekCqe();
        assertThat(cqe).isNotNull();
        final int result = cqe.res();
        ring.cqeSeen(cqe);
        return result;
    }

    /** F16: a disk without queues for polling says so. */
    @Test
    void shouldReadByPollingOrSayThatTheDiskCannot() throws IOException {
        final int fd = openDirect();
        try (Uring ring = openRing(0)) {
            final int result = result(ring, sqe -> sqe.prepRead(fd, memory, 0));
            assertThat(result).isIn(8 * PAGE, -Errno.EOPNOTSUPP);
            if (result > 0) {
                assertThat(Request.copy(memory)).isEqualTo(Files.readAllBytes(file));
            }
            assertThat(result(ring, sqe -> sqe.prepReadv(fd, vector(0, PAGE), 1, PAGE)))
                    .isIn(PAGE, -Errno.EOPNOTSUPP);
        } finally {
            Native.close(fd);
        }
    }

    private long vector(final int offset, final int length) {
        final ByteBuffer vectors = memory.slice(7 * PAGE, Iovec.SIZE).order(ByteOrder.nativeOrder());
        Iovec.set(vectors, 0, Memory.address(memory) + offset, length);
        return Memory.address(vectors);
    }

    /** F16: one after the other, where the disk can. */
    @Test
    void shouldWriteAndReadByPolling() throws IOException {
        final int fd = openDirect();
        try (Uring ring = openRing(0)) {
            Request.fill(memory, 9);
            for (int i = 0; i < 8; i++) {
                final ByteBuffer piece = memory.slice(i * PAGE, PAGE);
                final long offset = (7L - i) * PAGE;
                final int written = result(ring, sqe -> sqe.prepWrite(fd, piece, offset));
                assumeTrue(written != -Errno.EOPNOTSUPP, "the disk has no queues for polling");
                assertThat(written).isEqualTo(PAGE);
            }
            final int read = result(ring, sqe -> sqe.prepRead(fd, memory, 0));
            assumeTrue(read != -Errno.EOPNOTSUPP, "the disk has no queues for polling");
            assertThat(read).isEqualTo(8 * PAGE);
            for (int i = 0; i < 8; i++) {
                assertThat(memory.get(i * PAGE)).isEqualTo(Request.pattern(9, (7 - i) * PAGE));
            }
        } finally {
            Native.close(fd);
        }
    }

    /** F16: kernels that do not poll for such a file refuse it. */
    @Test
    void shouldRefuseFilesInThePageCache() throws IOException {
        final int fd = Native.open(file);
        final int[] pipe = Native.pipe();
        try (Uring ring = openRing(0)) {
            assertThat(result(ring, sqe -> sqe.prepRead(fd, memory, 0))).isIn(-Errno.EOPNOTSUPP, -Errno.EINVAL);
            assertThat(result(ring, sqe -> sqe.prepWrite(fd, memory, 0))).isIn(-Errno.EOPNOTSUPP, -Errno.EINVAL);
            assertThat(result(ring, sqe -> sqe.prepWrite(pipe[1], memory, -1))).isIn(-Errno.EOPNOTSUPP, -Errno.EINVAL);
            assertThat(result(ring, sqe -> sqe.prepRead(Request.NO_FD, memory, 0)))
                    .isEqualTo(-Errno.EBADF);
        } finally {
            Native.close(fd);
            Native.close(pipe);
        }
        assertThat(Files.size(file)).isEqualTo(8 * PAGE);
    }

    /** F16: requests that have no device to poll. */
    @Test
    void shouldRefuseOrRunRequestsThatCannotBePolled() throws IOException {
        final int fd = Native.open(file);
        try (Uring ring = openRing(0)) {
            assertThat(result(ring, Sqe::prepNop)).isIn(0, -Errno.EINVAL); // older kernels run it
            assertThat(result(ring, sqe -> sqe.prepFsync(fd, 0))).isEqualTo(-Errno.EINVAL);
            assertThat(result(ring, sqe -> sqe.prepFallocate(fd, 0, 0, 1))).isEqualTo(-Errno.EINVAL);
            assertThat(result(ring, sqe -> sqe.prepPollAdd(fd, UringConstants.POLLIN)))
                    .isEqualTo(-Errno.EINVAL);
        } finally {
            Native.close(fd);
        }
    }

    /** F16. */
    @Test
    void shouldSleepBeforeItPolls() throws IOException {
        Native.assumeSetup(IORING_SETUP_IOPOLL | IORING_SETUP_HYBRID_IOPOLL);
        final int fd = openDirect();
        try (Uring ring = openRing(IORING_SETUP_HYBRID_IOPOLL)) {
            assertThat(result(ring, sqe -> sqe.prepRead(fd, memory, 0))).isIn(8 * PAGE, -Errno.EOPNOTSUPP);
        } finally {
            Native.close(fd);
        }
    }
}
