package dev.ringflow.uring.driver;

import dev.ringflow.uring.Memory;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.ArrayDeque;

/**
 * Small pieces of memory for what the kernel reads or writes beside the data: paths, addresses, file status. Each is
 * held by its operation until the terminal completion. Confined to the loop thread.
 */
final class ScratchMemory {
    static final int SIZE = 512;
    private static final int KEPT = 256;
    /** What the JDK itself encodes paths with. */
    private static final Charset PATHS = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private final ByteBuffer empty = Memory.allocate(Long.BYTES, Long.BYTES);
    private final long emptyPath = Memory.address(empty);

    ByteBuffer take(int bytes) {
        if (bytes > SIZE) {
            return Memory.allocate(bytes, Long.BYTES);
        }
        ByteBuffer piece = free.poll();
        return piece == null ? Memory.allocate(SIZE, Long.BYTES) : piece;
    }

    void giveBack(ByteBuffer piece) {
        if (piece.capacity() == SIZE && free.size() < KEPT) {
            free.push(piece);
        }
    }

    /** The path as the C string that the kernel reads. */
    ByteBuffer path(Path path) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new ProviderMismatchException("The kernel opens files of the default file system only, and " + path
                    + " is of " + path.getFileSystem());
        }
        byte[] bytes = path.toString().getBytes(PATHS);
        ByteBuffer piece = take(bytes.length + 1);
        piece.put(0, bytes);
        piece.put(bytes.length, (byte) 0);
        return piece;
    }

    /** An empty C string, for calls that work on a file descriptor alone. */
    long emptyPath() {
        return emptyPath;
    }
}
