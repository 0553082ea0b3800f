package dev.ringflow.windows.rio;

import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.iocp.CompletionPort;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Registered I/O: the way in.
 *
 * <pre>{@code
 * Rio rio = Rio.open();
 * try (RioSlab slab = rio.allocateSlab(1 << 20);
 *         RioCompletionQueue completions = rio.createEventQueue(1024)) {
 *     RioRequestQueue queue = RioRequestQueue.open(socket, 4, 4, completions, completions);
 *     queue.receive(slab.slice(0, 4096), 42, 0);
 *     completions.requestNotification();
 *     completions.await(-1);
 *     int n = completions.dequeue(results);
 *     for (int i = 0; i < n; i++) {
 *         System.out.println(results.context(i) + " received " + results.bytes(i) + " bytes");
 *     }
 * }
 * }</pre>
 *
 * <p><b>Order of closing.</b> Sockets ({@link RioRequestQueue#close()}), then completions until none is missing, then
 * the completion queue, then the slabs. {@link RioCompletionQueue#close()} does the first three; a slab refuses to be
 * closed before.
 *
 * <p>An object has nothing to close, and is safe for use by any thread. Needs Windows 8 or Server 2012.
 */
public final class Rio {
    /** The functions are the same for the life of the process. */
    private static final class Loaded {
        static final @Nullable RioFunctions FUNCTIONS;
        static final @Nullable WinsockException FAILURE;

        static {
            RioFunctions functions = null;
            WinsockException failure = null;
            try {
                functions = RioFunctions.load();
            } catch (final WinsockException e) {
                failure = e;
            }
            FUNCTIONS = functions;
            FAILURE = failure;
        }
    }

    private final RioFunctions functions;

    private Rio(final RioFunctions functions) {
        this.functions = functions;
    }

    /**
     * Why Registered I/O cannot be used in this process.
     *
     * @return a sentence or two, or null when it can
     */
    public static @Nullable String unavailable() {
        final Throwable kernel = Kernel32.failure();
        if (kernel != null) {
            return "Registered I/O is a part of Windows: " + kernel.getMessage() + ".";
        }
        final String winsock = Winsock.unavailable();
        if (winsock != null) {
            return winsock;
        }
        final WinsockException failure = Loaded.FAILURE;
        return failure == null ? null : failure.getMessage();
    }

    /**
     * Finds the functions of Registered I/O.
     *
     * @return the way in
     * @throws WinsockException if Windows, or a provider that stands before it, lacks Registered I/O
     * @throws UnsupportedOperationException if this is not Windows; {@link #unavailable()} says so beforehand
     */
    public static Rio open() throws WinsockException {
        final String reason = unavailable();
        final WinsockException failure =
                reason == null || Kernel32.failure() != null || Winsock.unavailable() != null ? null : Loaded.FAILURE;
        if (failure != null) {
            throw new WinsockException(failure.error(), failure.asked());
        }
        if (reason != null) {
            throw new UnsupportedOperationException(reason);
        }
        final RioFunctions functions = Loaded.FUNCTIONS;
        if (functions == null) {
            throw new AssertionError("there are functions, or a failure");
        }
        return new Rio(functions);
    }

    /**
     * {@code VirtualAlloc} and {@code RIORegisterBuffer}: pages to send from and receive into.
     *
     * @param bytes at least so many; whole pages are made of them
     * @return an open slab, zeroed
     * @throws WinsockException if there is no memory, or no more may be locked
     */
    public RioSlab allocateSlab(final int bytes) throws WinsockException {
        return RioSlab.allocate(functions, bytes);
    }

    /**
     * {@code RIORegisterBuffer}: memory of the caller's to send from and receive into. Its pages are locked until the
     * slab is closed, which the caller has to do; until then the buffer stays reachable.
     *
     * @param memory a direct buffer, registered as a whole, whatever its position and limit are
     * @return an open slab
     * @throws WinsockException if no more may be locked
     * @throws IllegalArgumentException if the buffer is not direct, or has no bytes
     */
    public RioSlab registerMemory(final ByteBuffer memory) throws WinsockException {
        return RioSlab.of(functions, memory);
    }

    /**
     * {@code RIOCreateCompletionQueue}: makes a queue that is polled.
     *
     * @param size how many requests may be in flight on all its sockets together
     * @return an open queue
     * @throws WinsockException if there is no memory
     */
    public RioCompletionQueue createPolledQueue(final int size) throws WinsockException {
        return RioCompletionQueue.polled(functions, size);
    }

    /**
     * {@code RIOCreateCompletionQueue}: makes a queue that tells by an event of its own.
     *
     * @param size how many requests may be in flight on all its sockets together
     * @return an open queue
     * @throws WinsockException if there is no memory
     */
    public RioCompletionQueue createEventQueue(final int size) throws WinsockException {
        return RioCompletionQueue.withEvent(functions, size);
    }

    /**
     * {@code RIOCreateCompletionQueue}: makes a queue that tells by an entry of a completion port.
     *
     * @param size how many requests may be in flight on all its sockets together
     * @param port an open port, to be closed after the queue
     * @param key the key of the entries
     * @return an open queue
     * @throws WinsockException if there is no memory
     */
    public RioCompletionQueue createPortQueue(final int size, final CompletionPort port, final long key)
            throws WinsockException {
        return RioCompletionQueue.withPort(functions, size, port, key);
    }
}
