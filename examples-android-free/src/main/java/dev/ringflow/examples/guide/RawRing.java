package dev.ringflow.examples.guide;

import static dev.ringflow.uring.UringConstants.AT_FDCWD;
import static dev.ringflow.uring.UringConstants.IORING_OP_READ_MULTISHOT;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static dev.ringflow.uring.UringConstants.O_CLOEXEC;
import static dev.ringflow.uring.UringConstants.O_CREAT;
import static dev.ringflow.uring.UringConstants.O_RDONLY;
import static dev.ringflow.uring.UringConstants.O_TRUNC;
import static dev.ringflow.uring.UringConstants.O_WRONLY;

import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The raw ring, for those who know liburing. */
public final class RawRing {
    private RawRing() {}

    // snippet-begin: read
    public static String beginningOf(Path path) throws IOException {
        try (Uring ring = Uring.open(8)) {
            entry(ring).prepOpenat(AT_FDCWD, cString(path), O_RDONLY | O_CLOEXEC, 0);
            int file = result(ring, "openat");

            ByteBuffer buffer = Memory.allocate(4096, 1);
            entry(ring).prepRead(file, buffer, 0);
            int bytes = result(ring, "read");

            entry(ring).prepClose(file);
            result(ring, "close");
            return StandardCharsets.UTF_8.decode(buffer.limit(bytes)).toString();
        }
    }

    private static int result(Uring ring, String operation) throws IOException {
        int[] result = new int[1];
        ring.submitAndWait(1);
        ring.forEachCqe((userData, res, flags) -> result[0] = res);
        if (result[0] < 0) {
            throw new IOException(operation + ": " + Errno.name(result[0]));
        }
        return result[0];
    }

    private static Sqe entry(Uring ring) {
        Sqe sqe = ring.getSqe();
        if (sqe == null) {
            throw new IllegalStateException("the queue is full: submit first");
        }
        return sqe;
    }
    // snippet-end: read

    private static ByteBuffer cString(Path path) {
        byte[] bytes = (path + "\0").getBytes(StandardCharsets.UTF_8);
        return Memory.allocate(bytes.length, 1).put(0, bytes);
    }

    // snippet-begin: chain
    public static void writeDurably(Path path, ByteBuffer bytes) throws IOException {
        try (Uring ring = Uring.open(8)) {
            entry(ring).prepOpenat(AT_FDCWD, cString(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
            int file = result(ring, "openat");
            if (ring.sqSpaceLeft() < 3) {
                ring.submit(); // a chain is submitted whole, or it is none
            }
            Sqe write = entry(ring);
            write.prepWrite(file, bytes, 0);
            write.setFlags(IOSQE_IO_LINK);
            Sqe sync = entry(ring);
            sync.prepFsync(file, 0);
            sync.setFlags(IOSQE_IO_LINK);
            entry(ring).prepClose(file);
            ring.submitAndWait(3);

            int[] failure = new int[1];
            ring.forEachCqe((userData, res, flags) -> failure[0] = Math.min(failure[0], res));
            if (failure[0] < 0) {
                throw new IOException("writing " + path + ": " + Errno.name(failure[0]));
            }
        }
    }
    // snippet-end: chain

    // snippet-begin: probe
    public static boolean readsMultishot() throws UringException {
        try (Uring ring = Uring.open(8)) {
            return ring.getProbe().opcodeSupported(IORING_OP_READ_MULTISHOT);
        }
    }
    // snippet-end: probe
}
