package dev.ringflow.windows.ioring;

import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Kernel32;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file opened with {@code FILE_FLAG_OVERLAPPED}, as a ring wants it: of files opened without, such as those of Java, Windows
 * runs one operation after the other. Safe for use by any thread.
 */
public final class OverlappedFile implements AutoCloseable {
    /** Access: to read. */
    public static final int GENERIC_READ = Kernel32.GENERIC_READ;

    /** Access: to write. */
    public static final int GENERIC_WRITE = Kernel32.GENERIC_WRITE;

    /** Others may read meanwhile. */
    public static final int FILE_SHARE_READ = Kernel32.FILE_SHARE_READ;

    /** Others may write meanwhile. */
    public static final int FILE_SHARE_WRITE = Kernel32.FILE_SHARE_WRITE;

    /** Others may delete or rename it meanwhile. */
    public static final int FILE_SHARE_DELETE = Kernel32.FILE_SHARE_DELETE;

    /** Makes a new file; fails if there is one. */
    public static final int CREATE_NEW = Kernel32.CREATE_NEW;

    /** Makes a new file, or empties the one there is. */
    public static final int CREATE_ALWAYS = Kernel32.CREATE_ALWAYS;

    /** Opens the file; fails if there is none. */
    public static final int OPEN_EXISTING = Kernel32.OPEN_EXISTING;

    /** Opens the file, or makes a new one. */
    public static final int OPEN_ALWAYS = Kernel32.OPEN_ALWAYS;

    /** Empties the file; fails if there is none. */
    public static final int TRUNCATE_EXISTING = Kernel32.TRUNCATE_EXISTING;

    /** Past the cache: addresses, lengths and positions are multiples of the sector size. */
    public static final int FILE_FLAG_NO_BUFFERING = Kernel32.FILE_FLAG_NO_BUFFERING;

    private final AtomicLong handle;
    private final IoRingHandleRef ref;

    private OverlappedFile(final long handle) {
        this.handle = new AtomicLong(handle);
        this.ref = IoRingHandleRef.fromHandle(handle);
    }

    /**
     * {@code CreateFileW} with {@code FILE_FLAG_OVERLAPPED}.
     *
     * @param path the file
     * @param access {@code GENERIC_} flags
     * @param share {@code FILE_SHARE_} flags
     * @param disposition one of {@link #OPEN_EXISTING} and its like
     * @param flags {@code FILE_FLAG_} and {@code FILE_ATTRIBUTE_} flags
     * @return an open file
     * @throws IoRingException if it cannot be opened; the message says why and what to do
     */
    public static OverlappedFile open(
            final Path path, final int access, final int share, final int disposition, final int flags)
            throws IoRingException {
        final String operation = "CreateFileW(" + path + ")";
        requireWindows(operation);
        final ByteBuffer name = DirectMemory.wide(path.toString());
        final long handle = Kernel32.createFile(
                DirectMemory.address(name), access, share, disposition, flags | Kernel32.FILE_FLAG_OVERLAPPED);
        Reference.reachabilityFence(name);
        if (handle < 0) {
            throw new IoRingException(HResult.ofWin32((int) -handle), operation);
        }
        return new OverlappedFile(handle);
    }

    static void requireWindows(final String operation) throws IoRingException {
        final Throwable failure = Kernel32.failure();
        if (failure != null) {
            throw new IoRingException(HResult.E_NOTIMPL, operation, IoRingAvailability.NEEDED, failure);
        }
    }

    /**
     * The handle.
     *
     * @return for {@link IoRing#buildRegisterFileHandles}
     * @throws IllegalStateException if the file is closed
     */
    public long handle() {
        final long open = handle.get();
        if (open == 0) {
            throw new IllegalStateException("the file is closed");
        }
        return open;
    }

    /**
     * The file as entries name it.
     *
     * @return the same object each time
     * @throws IllegalStateException if the file is closed
     */
    public IoRingHandleRef ref() {
        handle();
        return ref;
    }

    /**
     * {@code GetFileSizeEx}: the size of the file.
     *
     * @return in bytes; below zero an {@code HRESULT}
     * @throws IllegalStateException if the file is closed
     */
    public long size() {
        final ByteBuffer answer = DirectMemory.allocate(Long.BYTES, Long.BYTES);
        final int result = Kernel32.getFileSizeEx(handle(), DirectMemory.address(answer));
        Reference.reachabilityFence(answer);
        return result == 0 ? answer.getLong(0) : HResult.ofWin32(-result);
    }

    /**
     * {@code CloseHandle}: closes the file. Does nothing on a closed one. Operations in flight go on, and have their memory:
     * cancel them, and pop their completions, before.
     */
    @Override
    public void close() {
        final long open = handle.getAndSet(0);
        if (open != 0) {
            Kernel32.closeHandle(open);
        }
    }
}
