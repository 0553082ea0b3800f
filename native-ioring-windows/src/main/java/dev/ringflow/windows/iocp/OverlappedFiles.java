package dev.ringflow.windows.iocp;

import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.internal.OverlappedLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Overlapped requests on files that are associated with a {@link CompletionPort}: what is left where IoRing is
 * missing.
 *
 * <p>Each answers 0 when exactly one completion will come, also when the request was done at once, and otherwise the
 * negated error, when none will. Until the completion, the block and the buffer are the kernel's. {@link
 * OverlappedSockets#cancel} cancels.
 */
public final class OverlappedFiles {
    /** As the position of a write: the end of the file, wherever that is when it is written. */
    public static final long END = -1;

    private OverlappedFiles() {}

    /**
     * {@code CreateFileW} for overlapped requests. The file may be read, written, renamed and deleted by others
     * meanwhile.
     *
     * @param path the file
     * @param write whether it is made if it is not there, and opened for writing as well as for reading
     * @return the handle, which the caller closes with {@link #close}
     * @throws WinsockException if it cannot be opened
     */
    public static long open(final Path path, final boolean write) throws WinsockException {
        final ByteBuffer name = DirectMemory.wide(path.toString());
        final long handle = Kernel32.createFile(
                DirectMemory.address(name),
                Kernel32.GENERIC_READ | (write ? Kernel32.GENERIC_WRITE : 0),
                Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE | Kernel32.FILE_SHARE_DELETE,
                write ? Kernel32.OPEN_ALWAYS : Kernel32.OPEN_EXISTING,
                Kernel32.FILE_FLAG_OVERLAPPED);
        Winsock.check(handle, "CreateFileW(" + path + ")");
        return handle;
    }

    /**
     * {@code CloseHandle}.
     *
     * @param file a handle of {@link #open}
     * @throws WinsockException if it is none
     */
    public static void close(final long file) throws WinsockException {
        Winsock.check(Kernel32.closeHandle(file), "CloseHandle(" + file + ")");
    }

    /**
     * {@code ReadFile}: reads into a buffer, from its position to its limit. The position is left alone. At and
     * behind the end of the file the error is {@link WinsockError#ERROR_HANDLE_EOF}, as the answer or in the
     * completion.
     *
     * @param file an overlapped file
     * @param buffer a direct buffer, which the block keeps reachable
     * @param position where in the file, in bytes
     * @param block a block that is not in use
     * @return 0, or the negated error
     */
    public static int read(final long file, final ByteBuffer buffer, final long position, final Overlapped block) {
        final long at = block.prepare(requirePosition(position));
        block.attach(buffer);
        final long data = DirectMemory.address(buffer) + buffer.position();
        return block.started(Kernel32.readFile(file, data, buffer.remaining(), 0, at));
    }

    /**
     * {@code WriteFile}: writes what a buffer has from its position to its limit. The position is left alone.
     *
     * @param file an overlapped file
     * @param buffer a direct buffer, which the block keeps reachable
     * @param position where in the file, in bytes
     * @param block a block that is not in use
     * @return 0, or the negated error
     */
    public static int write(final long file, final ByteBuffer buffer, final long position, final Overlapped block) {
        final long at = block.prepare(requirePosition(position));
        block.attach(buffer);
        final long data = DirectMemory.address(buffer) + buffer.position();
        return block.started(Kernel32.writeFile(file, data, buffer.remaining(), 0, at));
    }

    /**
     * {@code ReadFile}, for memory that the caller keeps reachable until the completion.
     *
     * @param file an overlapped file
     * @param address where the memory begins
     * @param bytes at most so many
     * @param position where in the file, in bytes
     * @param block a block that is not in use
     * @return 0, or the negated error
     */
    public static int read(
            final long file, final long address, final int bytes, final long position, final Overlapped block) {
        final long at = block.prepare(requirePosition(position));
        return block.started(Kernel32.readFile(file, address, bytes, 0, at));
    }

    /**
     * {@code WriteFile}, for memory that the caller keeps reachable until the completion.
     *
     * @param file an overlapped file
     * @param address where the memory begins
     * @param bytes so many
     * @param position where in the file, in bytes; {@link #END} for wherever its end is
     * @param block a block that is not in use
     * @return 0, or the negated error
     */
    public static int write(
            final long file, final long address, final int bytes, final long position, final Overlapped block) {
        final long at = block.prepare(position == END ? END : requirePosition(position));
        return block.started(Kernel32.writeFile(file, address, bytes, 0, at));
    }

    private static long requirePosition(final long position) {
        if (position < 0) {
            throw new IllegalArgumentException("position: " + position);
        }
        return position;
    }

    /**
     * The number of bytes of a request that is complete, for whoever has the block but not its entry.
     *
     * @param block a block whose completion has come
     * @return bytes
     */
    public static long bytes(final Overlapped block) {
        return block.memory().getLong(OverlappedLayout.INTERNAL_HIGH);
    }
}
