package dev.ringflow.uring;

import static dev.ringflow.uring.Request.NO_FD;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static dev.ringflow.uring.UringConstants.SPLICE_F_FD_IN_FIXED;
import static dev.ringflow.uring.UringConstants.SPLICE_F_MORE;
import static dev.ringflow.uring.UringConstants.SPLICE_F_MOVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Moving bytes between files and pipes without reading them. */
@Timeout(60)
class SpliceRequestsTest {
    @TempDir
    private Path directory;

    private final ByteBuffer in = Memory.allocate(64, 8);
    private Uring ring;
    private int[] pipe;
    private int[] other;
    private Path target;
    private int sourceFd;
    private int targetFd;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(8);
        pipe = Native.pipe();
        other = Native.pipe();
        target = directory.resolve("target");
        sourceFd = Native.open(Files.writeString(directory.resolve("source"), "0123456789"));
        targetFd = Native.open(target);
    }

    @AfterEach
    void close() {
        Native.close(pipe);
        Native.close(other);
        Native.close(sourceFd, targetFd);
        ring.close();
    }

    private int run(final Consumer<Sqe> preparation) {
        return Request.result(ring, preparation);
    }

    private String read(final int fd) {
        final int count = run(sqe -> sqe.prepRead(fd, in, -1));
        return Native.text(in, count);
    }

    @Test
    void shouldMoveBytesFromFileToPipeToFile() throws IOException {
        assertThat(run(sqe -> sqe.prepSplice(sourceFd, 2, pipe[1], -1, 5, SPLICE_F_MOVE)))
                .isEqualTo(5);
        assertThat(run(sqe -> sqe.prepSplice(pipe[0], -1, targetFd, 3, 100, 0)))
                .as("as many as there are")
                .isEqualTo(5);
        assertThat(Files.readString(target)).isEqualTo("\0\0\00023456");
    }

    @Test
    void shouldUseTheFilesOwnPositions() throws IOException {
        assertThat(run(sqe -> sqe.prepSplice(sourceFd, -1, pipe[1], -1, 4, 0))).isEqualTo(4);
        assertThat(run(sqe -> sqe.prepSplice(sourceFd, -1, pipe[1], -1, 100, 0)))
                .as("short at the end of the file")
                .isEqualTo(6);
        assertThat(run(sqe -> sqe.prepSplice(sourceFd, -1, pipe[1], -1, 100, 0)))
                .as("the end")
                .isZero();
        assertThat(run(sqe -> sqe.prepSplice(pipe[0], -1, targetFd, -1, 3, 0))).isEqualTo(3);
        assertThat(run(sqe -> sqe.prepSplice(pipe[0], -1, targetFd, -1, 100, 0)))
                .isEqualTo(7);
        assertThat(Files.readString(target)).isEqualTo("0123456789");
    }

    @Test
    void shouldMoveBytesFromPipeToPipe() {
        Native.write(pipe[1], "through two");
        assertThat(run(sqe -> sqe.prepSplice(pipe[0], -1, other[1], -1, 7, SPLICE_F_MORE)))
                .isEqualTo(7);
        assertThat(read(other[0])).isEqualTo("through");
        assertThat(read(pipe[0])).as("the rest").isEqualTo(" two");
    }

    @Test
    void shouldCopyBytesFromPipeToPipe() {
        Native.write(pipe[1], "tee");
        assertThat(run(sqe -> sqe.prepTee(pipe[0], other[1], 100, 0))).isEqualTo(3);
        assertThat(read(other[0])).isEqualTo("tee");
        assertThat(read(pipe[0])).as("still there").isEqualTo("tee");
    }

    @Test
    void shouldTakeRegisteredFilesOnBothSides() {
        assertThat(ring.registerFiles(sourceFd, pipe[0], pipe[1], other[1])).isZero();
        assertThat(run(sqe -> {
                    sqe.prepSplice(0, 0, 2, -1, 10, SPLICE_F_FD_IN_FIXED);
                    sqe.setFlags(IOSQE_FIXED_FILE);
                }))
                .isEqualTo(10);
        assertThat(run(sqe -> {
                    sqe.prepTee(1, 3, 4, SPLICE_F_FD_IN_FIXED);
                    sqe.setFlags(IOSQE_FIXED_FILE);
                }))
                .isEqualTo(4);
        assertThat(read(other[0])).isEqualTo("0123");
        assertThat(run(sqe -> sqe.prepSplice(1, -1, targetFd, 0, 10, SPLICE_F_FD_IN_FIXED)))
                .as("the input only")
                .isEqualTo(10);
        assertThat(run(sqe -> sqe.prepSplice(9, 0, pipe[1], -1, 10, SPLICE_F_FD_IN_FIXED)))
                .as("no such slot")
                .isEqualTo(-Errno.EBADF);
    }

    @Test
    void shouldMoveThroughAPipeInOneChain() throws IOException {
        final Sqe first = ring.getSqe();
        first.prepSplice(sourceFd, 0, pipe[1], -1, 10, 0);
        first.setFlags(IOSQE_IO_LINK);
        ring.getSqe().prepSplice(pipe[0], -1, targetFd, 0, 10, 0);
        assertThat(Completion.await(ring, 2)).extracting(Completion::res).containsExactly(10, 10);
        assertThat(Files.readString(target)).isEqualTo("0123456789");
    }

    @Test
    void shouldTellWhatIsWrongWithASplice() {
        assertThat(run(sqe -> sqe.prepSplice(NO_FD, -1, pipe[1], -1, 1, 0))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepSplice(sourceFd, -1, NO_FD, -1, 1, 0))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepSplice(sourceFd, 0, targetFd, 0, 1, 0)))
                .as("no pipe")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepSplice(sourceFd, 0, pipe[1], -1, 1, 1 << 20)))
                .as("flags")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepSplice(sourceFd, 0, pipe[1], 5, 1, 0)))
                .as("a position in a pipe")
                .isEqualTo(-Errno.ESPIPE);
        assertThat(run(sqe -> sqe.prepSplice(pipe[1], -1, other[1], -1, 1, 0)))
                .as("the writing end for input")
                .isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepSplice(sourceFd, 0, pipe[1], -1, 0, 0)))
                .as("nothing")
                .isZero();
    }

    @Test
    void shouldTellWhatIsWrongWithATee() {
        assertThat(run(sqe -> sqe.prepTee(NO_FD, pipe[1], 1, 0))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepTee(pipe[0], NO_FD, 1, 0))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepTee(pipe[0], targetFd, 1, 0)))
                .as("a file")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepTee(pipe[0], pipe[1], 1, 0)))
                .as("onto itself")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepTee(pipe[0], other[1], 1, 1 << 20)))
                .as("flags")
                .isEqualTo(-Errno.EINVAL);
    }
}
