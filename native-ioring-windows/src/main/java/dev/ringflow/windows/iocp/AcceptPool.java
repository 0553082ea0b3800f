package dev.ringflow.windows.iocp;

import com.kenai.jffi.Type;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.NativeFunction;
import dev.ringflow.windows.internal.Ws2_32;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket with a number of {@code AcceptEx} requests in flight: connections are accepted by the kernel
 * before anybody asks. Each completion is replaced by a new request, also when the peer left before it was accepted.
 *
 * <pre>{@code
 * AcceptPool pool = AcceptPool.listen(port, 1, address, SOMAXCONN, AcceptPool.DEFAULT_PENDING, true);
 * …
 * if (entries.key(i) == 1) pool.complete(entries, i, socket -> …);
 * …
 * pool.close();                    // then take completions until pool.isDrained()
 * }</pre>
 *
 * <p>With Registered I/O, the listener and the sockets it accepts have {@link
 * WinsockConstants#WSA_FLAG_REGISTERED_IO}. Belongs to one thread at a time, which lives long: the kernel cancels the
 * requests of a thread that ends.
 */
public final class AcceptPool implements AutoCloseable {
    /** Number of requests in flight unless another is asked for. */
    public static final int DEFAULT_PENDING = 128;

    private static final byte[] GUID = {
        (byte) 0xf1,
        0x7d,
        0x36,
        (byte) 0xb5,
        (byte) 0xac,
        (byte) 0xcb,
        (byte) 0xcf,
        0x11,
        (byte) 0x95,
        (byte) 0xca,
        0x00,
        (byte) 0x80,
        0x5f,
        0x48,
        (byte) 0xa1,
        (byte) 0x92
    };

    /** The socket that a request accepts into, with the block it uses. */
    private static final class Slot {
        private final Overlapped block;
        private long socket = -1;

        Slot(final Overlapped block) {
            this.block = block;
        }
    }

    private final long listener;
    private final int family;
    private final int flags;
    private final NativeFunction function;
    private final OverlappedPool blocks;
    private final ByteBuffer listenerValue;
    private int wanted;
    private int pending;
    private int lastError;
    private long leftEarly;
    private boolean closed;
    private boolean freed;

    private AcceptPool(final long listener, final int family, final int flags, final int requests)
            throws WinsockException {
        this.listener = listener;
        this.family = family;
        this.flags = flags;
        function = function(listener);
        listenerValue = DirectMemory.allocate(Long.BYTES, Long.BYTES).putLong(0, listener);
        blocks = OverlappedPool.ofBlocks(requests);
    }

    /** The provider's AcceptEx. */
    static NativeFunction function(final long listener) throws WinsockException {
        return new NativeFunction(
                Winsock.extension(listener, "AcceptEx", GUID),
                Type.SINT32,
                Type.UINT64,
                Type.UINT64,
                Type.POINTER,
                Type.UINT32,
                Type.UINT32,
                Type.UINT32,
                Type.POINTER,
                Type.POINTER);
    }

    /** Starts one request: 0 when a completion will come, otherwise the negated error. */
    static int acceptEx(final NativeFunction function, final long listener, final long socket, final Overlapped block) {
        final long at = block.prepare(0);
        return block.started(Winsock.answer(function.callInt(
                listener,
                socket,
                at + Overlapped.ADDRESS,
                0,
                Overlapped.ACCEPT_ROOM,
                Overlapped.ACCEPT_ROOM,
                at + Overlapped.BYTES,
                at)));
    }

    /**
     * Makes a listening socket, associates it with a port, and starts the requests.
     *
     * @param port where the completions come; the sockets accepted are not associated with it
     * @param key by which the completions are told from others
     * @param address where to listen; port 0 for any free one
     * @param backlog connections that may wait besides those that requests have taken
     * @param requests how many {@code AcceptEx} are in flight, usually {@link #DEFAULT_PENDING}
     * @param registered whether the listener, and all it accepts, take Registered I/O
     * @return a pool that accepts
     * @throws WinsockException if the address is in use, or too few sockets can be had
     */
    public static AcceptPool listen(
            final CompletionPort port,
            final long key,
            final SocketAddress address,
            final int backlog,
            final int requests,
            final boolean registered)
            throws WinsockException {
        final int family = SocketAddresses.family(address);
        final int flags = registered ? WinsockConstants.WSA_FLAG_REGISTERED_IO : 0;
        final long listener = Winsock.socket(family, WinsockConstants.SOCK_STREAM, 0, flags);
        AcceptPool pool = null;
        boolean listens = false;
        try {
            if (family != WinsockConstants.AF_UNIX) {
                Winsock.setOption(listener, WinsockConstants.SOL_SOCKET, WinsockConstants.SO_EXCLUSIVEADDRUSE, 1);
            }
            Winsock.bind(listener, address);
            Winsock.listen(listener, backlog);
            port.associate(listener, key);
            pool = new AcceptPool(listener, family, flags, requests);
            pool.start(requests);
            listens = true;
            return pool;
        } finally {
            if (!listens) {
                abandon(port, listener, pool);
            }
        }
    }

    /**
     * Takes a listening socket over, and associates it with a port. No request is started before {@link #want}.
     *
     * @param port where the completions come; the sockets accepted are not associated with it
     * @param key by which the completions are told from others
     * @param listener a listening socket with options of its own, this object's from now on unless it throws
     * @param family the listener's
     * @param requests how many {@code AcceptEx} may be in flight
     * @param registered whether the listener takes Registered I/O, and all it accepts shall
     * @return a pool that accepts nothing yet
     * @throws WinsockException if the listener belongs to a port already, or there is no memory
     */
    public static AcceptPool over(
            final CompletionPort port,
            final long key,
            final long listener,
            final int family,
            final int requests,
            final boolean registered)
            throws WinsockException {
        port.associate(listener, key);
        final AcceptPool pool =
                new AcceptPool(listener, family, registered ? WinsockConstants.WSA_FLAG_REGISTERED_IO : 0, requests);
        pool.makeSlots(requests);
        return pool;
    }

    /** Closes what was begun, with the requests that are in flight. */
    private static void abandon(final CompletionPort port, final long listener, final @Nullable AcceptPool pool)
            throws WinsockException {
        if (pool == null) {
            Ws2_32.closesocket(listener);
            return;
        }
        pool.close();
        final CompletionEntries entries = CompletionEntries.allocate(64);
        for (int turn = 0; turn < 100 && !pool.isDrained(); turn++) {
            port.await(entries, 50);
            for (int i = 0; i < entries.count(); i++) {
                if (pool.blocks.find(entries.overlapped(i)) != null) {
                    pool.complete(entries, i, socket -> {});
                }
            }
        }
    }

    private void start(final int requests) throws WinsockException {
        makeSlots(requests);
        wanted = requests;
        if (refill() > 0) {
            Winsock.check(lastError, "AcceptEx(request " + pending + " of " + requests + ")");
        }
    }

    private void makeSlots(final int requests) {
        for (int i = 0; i < requests; i++) {
            final Overlapped block = blocks.acquire();
            if (block == null) {
                throw new AssertionError("the pool has a block for each request");
            }
            block.attach(new Slot(block));
        }
    }

    /**
     * Sets how many requests are kept in flight from now on. Those that are in flight beyond that stay, and are not
     * replaced.
     *
     * @param requests 0 to as many as the pool was made for
     * @return how many are missing, because no socket could be had for them
     */
    public int want(final int requests) {
        if (requests < 0 || requests > blocks.size()) {
            throw new IllegalArgumentException("a pool of " + blocks.size() + " requests, not " + requests);
        }
        wanted = requests;
        return refill();
    }

    /** Makes a socket and the request for it. 0, or the negated error, and then there is neither. */
    private int post(final Slot slot) {
        final long socket = Ws2_32.socket(
                family,
                WinsockConstants.SOCK_STREAM,
                0,
                flags | WinsockConstants.WSA_FLAG_OVERLAPPED | WinsockConstants.WSA_FLAG_NO_HANDLE_INHERIT);
        if (socket < 0) {
            return (int) socket;
        }
        int answer;
        do { // a peer that left while the call was under way is its failure
            answer = acceptEx(function, listener, socket, slot.block);
            leftEarly += answer == -WinsockError.WSAECONNRESET ? 1 : 0;
        } while (answer == -WinsockError.WSAECONNRESET);
        if (answer == 0) {
            slot.socket = socket;
            pending++;
        } else {
            Ws2_32.closesocket(socket);
        }
        return answer;
    }

    /**
     * Whether a completion is one of this pool's.
     *
     * @param overlapped as the entry tells it
     * @return true if {@link #complete} takes it
     */
    public boolean owns(final long overlapped) {
        return !freed && blocks.find(overlapped) != null;
    }

    /**
     * Takes one completion: starts the next request, and hands the connection over if there is one.
     *
     * @param entries the batch
     * @param index the entry, one that {@link #owns} is true for
     * @param handler who takes the connection over; not called for a peer that left, or after {@link #close()}
     * @throws IllegalStateException if the entry is none of this pool's
     */
    public void complete(final CompletionEntries entries, final int index, final AcceptedHandler handler) {
        final Overlapped block = freed ? null : blocks.find(entries.overlapped(index));
        if (block == null) {
            throw new IllegalStateException("entry " + index + " is not a completion of this pool");
        }
        block.complete();
        pending--;
        final Slot slot = slot(block);
        long socket = slot.socket;
        slot.socket = -1;
        if (closed || entries.error(index) != 0 || !update(socket)) {
            leftEarly += closed ? 0 : 1;
            Ws2_32.closesocket(socket);
            socket = -1;
        }
        if (!closed && pending < wanted) {
            lastError = post(slot);
        }
        freeWhenDrained();
        if (socket != -1) {
            handler.accepted(socket);
        }
    }

    private static Slot slot(final Overlapped block) {
        if (block.attachment() instanceof Slot slot) {
            return slot;
        }
        throw new AssertionError("each block of the pool has a slot");
    }

    /** False when the peer has left since. */
    private boolean update(final long socket) {
        return Ws2_32.setsockopt(
                        socket,
                        WinsockConstants.SOL_SOCKET,
                        WinsockConstants.SO_UPDATE_ACCEPT_CONTEXT,
                        DirectMemory.address(listenerValue),
                        Long.BYTES)
                == 0;
    }

    /**
     * Starts again the requests that could not be started, because there were too many sockets. Call it when some
     * were closed, or now and then; it does nothing while {@link #missing()} is 0.
     *
     * @return how many are missing still
     */
    public int refill() {
        while (!closed && pending < wanted) {
            final Slot slot = idleSlot();
            lastError = slot == null ? 0 : post(slot);
            if (slot == null || lastError != 0) {
                break;
            }
        }
        return missing();
    }

    /**
     * Why requests are missing.
     *
     * @return the negated error of the latest request, 0 if it was started
     */
    public int lastError() {
        return lastError;
    }

    private @Nullable Slot idleSlot() {
        return (Slot) blocks.firstIdleAttachment();
    }

    /**
     * How many requests should be in flight and are not, because no socket could be had for them.
     *
     * @return requests
     */
    public int missing() {
        return closed ? 0 : Math.max(0, wanted - pending);
    }

    /**
     * How many requests are in flight.
     *
     * @return requests
     */
    public int pending() {
        return pending;
    }

    /**
     * How many peers left before they were accepted.
     *
     * @return peers
     */
    public long leftEarly() {
        return leftEarly;
    }

    /**
     * The listening socket. It stays this object's.
     *
     * @return the socket
     * @throws IllegalStateException if the pool is closed
     */
    public long listener() {
        if (closed) {
            throw new IllegalStateException("the accept pool is closed");
        }
        return listener;
    }

    /**
     * Where the pool listens.
     *
     * @return the address, with the port that was chosen
     * @throws WinsockException if the socket cannot tell
     * @throws IllegalStateException if the pool is closed
     */
    public SocketAddress localAddress() throws WinsockException {
        final SocketAddress address = Winsock.localAddress(listener());
        if (address == null) {
            throw new IllegalStateException("the listener has an address of another family");
        }
        return address;
    }

    /**
     * Whether no request is in flight, and the pool closed.
     *
     * @return true when no more completions come
     */
    public boolean isDrained() {
        return closed && pending == 0;
    }

    private void freeWhenDrained() {
        if (isDrained() && !freed) {
            freed = true;
            blocks.close();
        }
    }

    /**
     * Closes the listening socket. The requests in flight complete as cancelled: their completions are to be given to
     * {@link #complete} until {@link #isDrained()}, and the memory is freed with the last. Does nothing on a closed
     * pool.
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Ws2_32.closesocket(listener);
            freeWhenDrained();
        }
    }
}
