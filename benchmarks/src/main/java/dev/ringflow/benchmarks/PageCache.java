package dev.ringflow.benchmarks;

import static dev.ringflow.uring.UringConstants.AT_FDCWD;
import static dev.ringflow.uring.UringConstants.O_CLOEXEC;
import static dev.ringflow.uring.UringConstants.O_RDONLY;

import dev.ringflow.uring.Cqe;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.Uring;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** Brings one file into the page cache or takes it out; other programs' files are left alone. */
final class PageCache {
    private static final int POSIX_FADV_DONTNEED = 4;
    private static final int CHUNK = 1 << 20;

    private PageCache() {}

    /** Sees to it that a file, whose content is on the disk, is in the page cache or is not. */
    static void set(final Path file, final boolean cached) throws IOException {
        if (cached) {
            read(file);
        } else {
            drop(file);
        }
    }

    private static void read(final Path file) throws IOException {
        final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(chunk.clear()) > 0) {
                // only to have it read
            }
        }
    }

    private static void drop(final Path file) throws IOException {
        final byte[] name = (file + "\0").getBytes(StandardCharsets.UTF_8);
        final ByteBuffer path = Memory.allocate(name.length, 1).put(0, name);
        try (Uring ring = Uring.open(2)) {
            entry(ring).prepOpenat(AT_FDCWD, Memory.address(path), O_RDONLY | O_CLOEXEC, 0);
            final int fd = result(ring, "open");
            entry(ring).prepFadvise64(fd, 0, 0, POSIX_FADV_DONTNEED);
            result(ring, "fadvise");
            entry(ring).prepClose(fd);
            result(ring, "close");
        }
    }

    private static Sqe entry(final Uring ring) {
        return Objects.requireNonNull(ring.getSqe());
    }

    private static int result(final Uring ring, final String what) throws IOException {
        ring.submitAndWait(1);
        final Cqe cqe = Objects.requireNonNull(ring.peekCqe());
        final int result = cqe.res();
        ring.cqeSeen(cqe);
        if (result < 0) {
            throw new IOException(what + ": " + Errno.name(result));
        }
        return result;
    }
}
