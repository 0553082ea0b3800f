package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;

/** One request at a time, for the tests of files, paths and pipes. */
final class Request {
    /** An address that nothing is mapped at. */
    static final long NOWHERE = 8;

    /** A file descriptor that nobody has. */
    static final int NO_FD = 1_000_000;

    private Request() {}

    /** The result of one request, when nothing else is in flight. */
    static int result(final Uring ring, final Consumer<Sqe> preparation) {
        preparation.accept(ring.getSqe());
        return Completion.awaitResult(ring);
    }

    /** A file past the page cache; skips the test, visibly, where the file system has no such thing. */
    static int openDirect(final Uring ring, final Path path) {
        final ByteBuffer name = Native.path(path);
        final int flags =
                UringConstants.O_RDWR | UringConstants.O_CREAT | UringConstants.O_CLOEXEC | UringConstants.O_DIRECT;
        final int fd = result(ring, sqe -> sqe.prepOpenat(UringConstants.AT_FDCWD, name, flags, 0600));
        assumeTrue(fd != -Errno.EINVAL, () -> "no O_DIRECT on the file system of " + path);
        assertThat(fd).isPositive();
        return fd;
    }

    /** Fills a buffer with bytes that tell their place. */
    static ByteBuffer fill(final ByteBuffer buffer, final int seed) {
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, pattern(seed, i));
        }
        return buffer;
    }

    static byte pattern(final int seed, final int index) {
        return (byte) (seed * 31 + index * 7 + (index >>> 8) * 13 + 1);
    }

    static byte[] copy(final ByteBuffer buffer) {
        final byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }
}
