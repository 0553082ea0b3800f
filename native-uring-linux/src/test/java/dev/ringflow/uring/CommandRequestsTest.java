package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE128;
import static dev.ringflow.uring.UringConstants.SOCKET_URING_OP_SIOCINQ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands of files: what a socket knows, what a file does not, and entries of 128 bytes. */
@Timeout(60)
class CommandRequestsTest {
    private Uring ring;
    private int[] sockets;

    @TempDir
    private Path directory;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(16);
        sockets = Native.socketPair();
        Native.assumeOpcode(ring, UringConstants.IORING_OP_URING_CMD);
    }

    @AfterEach
    void close() {
        ring.close();
        if (sockets != null) {
            Native.close(sockets);
        }
    }

    private void assumeSocketCommands() {
        ring.getSqe().prepUringCmd(SOCKET_URING_OP_SIOCINQ, sockets[1]);
        assumeTrue(Completion.awaitResult(ring) != -Errno.EOPNOTSUPP, "sockets have no commands here");
    }

    @Test
    void shouldRunACommandOfASocket() {
        assumeSocketCommands();
        Native.write(sockets[0], "12345");
        ring.getSqe().prepPollAdd(sockets[1], UringConstants.POLLIN);
        assertThat(Completion.awaitResult(ring)).isPositive();
        final Sqe sqe = ring.getSqe();
        sqe.setData64(3);
        sqe.prepUringCmd(SOCKET_URING_OP_SIOCINQ, sockets[1]);
        assertThat(Completion.await(ring, 1)).containsExactly(new Completion(3, 5, 0));
    }

    @Test
    void shouldRefuseCommandsThatTheFileDoesNotKnow() throws IOException {
        assumeSocketCommands();
        ring.getSqe().prepUringCmd(12_345, sockets[1]);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EOPNOTSUPP);
        ring.getSqe().prepUringCmd(SOCKET_URING_OP_SIOCINQ, 12_345);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void shouldRunACommandFromALargeEntry() throws IOException {
        ring.getSqe().prepUringCmd128(SOCKET_URING_OP_SIOCINQ, sockets[1]);
        assertThat(Completion.awaitResult(ring))
                .as("in a ring of small entries")
                .isEqualTo(-Errno.EINVAL);
        assumeSocketCommands();
        Native.write(sockets[0], "12345");
        ring.getSqe().prepPollAdd(sockets[1], UringConstants.POLLIN);
        assertThat(Completion.awaitResult(ring)).isPositive();
        try (Uring large = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_SQE128))) {
            large.getSqe().prepUringCmd(SOCKET_URING_OP_SIOCINQ, sockets[1]);
            assertThat(Completion.awaitResult(large)).isEqualTo(5);
            Native.assumeOpcode(large, UringConstants.IORING_OP_URING_CMD128);
            large.getSqe().prepUringCmd128(SOCKET_URING_OP_SIOCINQ, sockets[1]);
            assertThat(Completion.awaitResult(large)).isEqualTo(5);
        }
    }

    /** F19, without a block device: a file has no discard. */
    @Test
    void shouldRefuseToDiscardAFile() throws IOException {
        final Path path = Files.writeString(directory.resolve("file"), "x".repeat(8192));
        final int fd = Native.open(path);
        ring.getSqe().prepCmdDiscard(fd, 0, 4096);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EOPNOTSUPP);
        assertThat(Files.readString(path)).isEqualTo("x".repeat(8192));
        Native.close(fd);
    }
}
