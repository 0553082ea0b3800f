package dev.ringflow.windows.iocp;

import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Kernel32;
import java.nio.ByteBuffer;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * An I/O completion port: the queue that tells which overlapped requests are complete, and that any thread can post
 * to.
 *
 * <pre>{@code
 * try (CompletionPort port = CompletionPort.open()) {
 *     port.associate(socket, 7);
 *     …
 *     int n = port.await(entries, 1000);
 *     for (int i = 0; i < n; i++) {
 *         Overlapped request = pool.find(entries.overlapped(i));
 *     }
 * }
 * }</pre>
 *
 * <p>Safe for use by any thread; a batch of entries belongs to the thread that waits. Closing a port while a thread
 * waits is that thread's {@link WinsockException}; wake it by {@link #post} first. Requests in flight on handles of a
 * closed port complete unseen: cancel them, and take their completions, before.
 */
public final class CompletionPort implements AutoCloseable {
    /** For {@link #await}: wait without end. */
    public static final int FOREVER = -1;

    private final long handle;
    private final ThreadLocal<Removed> removed = ThreadLocal.withInitial(Removed::new);
    private volatile boolean closed;

    /** Where the kernel says how many entries it took out. */
    private static final class Removed {
        final ByteBuffer memory = DirectMemory.allocate(Integer.BYTES, Integer.BYTES);
        final Pointer pointer = Kernel32.pointer(DirectMemory.address(memory));
    }

    private CompletionPort(final long handle) {
        this.handle = handle;
    }

    /**
     * Why completion ports cannot be used in this process.
     *
     * @return a sentence, or null when they can
     */
    public static @Nullable String unavailable() {
        final Throwable failure = Kernel32.failure();
        return failure == null ? null : "Completion ports cannot be used: " + failure.getMessage() + ".";
    }

    /**
     * {@code CreateIoCompletionPort}: makes a port.
     *
     * @return an open port
     * @throws WinsockException if there is none to be had
     * @throws UnsupportedOperationException if this is not Windows; {@link #unavailable()} says so beforehand
     */
    public static CompletionPort open() throws WinsockException {
        final String reason = unavailable();
        if (reason != null) {
            throw new UnsupportedOperationException(reason, Kernel32.failure());
        }
        final long handle = Kernel32.createIoCompletionPort(Kernel32.INVALID_HANDLE_VALUE, 0, 0, 0);
        Winsock.check(handle, "CreateIoCompletionPort()");
        return new CompletionPort(handle);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the completion port is closed");
        }
    }

    /**
     * The port as a handle, for {@code RIO_NOTIFICATION_COMPLETION} and the like. It stays this object's.
     *
     * @return the handle
     * @throws IllegalStateException if the port is closed
     */
    public long handle() {
        requireOpen();
        return handle;
    }

    /**
     * {@code CreateIoCompletionPort}: from now on the overlapped requests of a handle complete here. That lasts until
     * the handle is closed, and a handle can have one port only.
     *
     * @param file a socket, or a file opened with {@code FILE_FLAG_OVERLAPPED}
     * @param key what {@link CompletionEntries#key} tells for its requests
     * @throws WinsockException if the handle has a port already, or is none
     * @throws IllegalStateException if the port is closed
     */
    public void associate(final long file, final long key) throws WinsockException {
        requireOpen();
        Winsock.check(
                Kernel32.createIoCompletionPort(file, handle, key, 0), "CreateIoCompletionPort(handle=" + file + ")");
    }

    /**
     * {@code PostQueuedCompletionStatus}: puts an entry into the queue.
     *
     * @param key its key
     * @param bytes its number of bytes
     * @param overlapped its address, or 0; nothing is read there
     * @throws WinsockException if the system has no memory for it
     * @throws IllegalStateException if the port is closed
     */
    public void post(final long key, final int bytes, final long overlapped) throws WinsockException {
        requireOpen();
        Winsock.check(
                Kernel32.postQueuedCompletionStatus(handle, bytes, key, overlapped), "PostQueuedCompletionStatus()");
    }

    /**
     * {@code GetQueuedCompletionStatusEx}: waits for entries and takes them out.
     *
     * @param batch where they go
     * @param milliseconds at most so long; 0 takes what is there, {@link #FOREVER} waits without end
     * @return how many came, 0 when the time was up
     * @throws WinsockException if the port was closed meanwhile
     * @throws IllegalStateException if the port is closed
     */
    public int await(final CompletionEntries batch, final int milliseconds) throws WinsockException {
        requireOpen();
        final Removed out = removed.get();
        batch.setCount(0);
        final int answer = Kernel32.getQueuedCompletionStatusEx(
                handle, batch.address(), batch.capacity(), out.pointer, milliseconds);
        if (answer == -WinsockError.WAIT_TIMEOUT) {
            return 0;
        }
        Winsock.check(answer, "GetQueuedCompletionStatusEx()");
        batch.setCount(out.memory.getInt(0));
        return batch.count();
    }

    /**
     * Whether the port is closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return closed;
    }

    /** Closes the port. Does nothing on a closed one. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Kernel32.closeHandle(handle);
        }
    }

    @Override
    public String toString() {
        return "CompletionPort[" + (closed ? "closed]" : "0x" + Long.toHexString(handle) + "]");
    }
}
