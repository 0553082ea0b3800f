package dev.ringflow.windows.driver;

import dev.ringflow.spi.DatagramHead;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.iocp.SocketAddresses;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockError;
import dev.ringflow.windows.iocp.WinsockException;
import dev.ringflow.windows.rio.RioRequestQueue;
import dev.ringflow.windows.rio.RioSlice;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code RIOReceiveEx} and {@code RIOSendEx}, told by the driver's completion queue, by way of registered memory. A send
 * that the kernel has cannot be cancelled, but is copied, and ends soon.
 */
final class RegisteredDatagrams extends DatagramTransport implements RegisteredRequests {
    /** The most sends in flight; more wait for those. */
    static final int SENDS = 16;

    static final int RECEIVES = 1;

    private static final int RECEIVE = -1;
    private static final Cancellable ENDS_BY_ITSELF = () -> {};

    private final RegisteredSockets registered;
    private final DatagramPieces pieces;
    private final RioRequestQueue queue;
    private final int id;
    private final @Nullable Operation[] sending = new Operation[SENDS];
    private final @Nullable DatagramPiece[] from = new DatagramPiece[SENDS];
    private final WaitingOperations waiting;
    private @Nullable DatagramPiece into;
    private boolean receiving;
    /** By an account of its own: a batch may have more completions that nobody was told of. */
    private int sendsInFlight;

    private int inFlight;
    private boolean closed;

    RegisteredDatagrams(DatagramSocketState owner, RegisteredSockets registered) throws WinsockException {
        super(owner);
        this.registered = registered;
        this.pieces = registered.datagramPieces();
        this.waiting = new WaitingOperations(owner.core.completions());
        this.queue = registered.open(socket, RECEIVES, SENDS);
        this.id = registered.add(this);
    }

    private long context(int index) {
        return (long) id << 32 | index & 0xFFFF_FFFFL;
    }

    private int begun(int answer) {
        inFlight += answer == 0 ? 1 : 0;
        return registered.started(answer);
    }

    // Receiving.

    @Override
    int receive() throws WinsockException {
        DatagramPiece piece = into;
        if (piece == null) {
            piece = pieces.acquire(true);
            into = piece;
        }
        int answer =
                begun(queue.receiveEx(piece.dataSlice(), null, piece.nameSlice(), null, null, context(RECEIVE), 0));
        receiving = answer == 0;
        return answer;
    }

    private DatagramPiece piece() {
        DatagramPiece piece = into;
        if (piece == null) {
            throw new AssertionError("there is a datagram");
        }
        return piece;
    }

    @Override
    ByteBuffer datagram() {
        return piece().data();
    }

    @Override
    void sender(DatagramHead head) {
        ByteBuffer name = piece().name();
        int port = (name.get(SocketAddresses.PORT) & 0xFF) << 8 | name.get(SocketAddresses.PORT + 1) & 0xFF;
        switch (name.getShort(SocketAddresses.FAMILY)) {
            case WinsockConstants.AF_INET -> {
                long four = network(name, SocketAddresses.IN_ADDR) >>> Integer.SIZE;
                head.sender(0, 0xFFFF_0000_0000L | four, port, 0);
            }
            case WinsockConstants.AF_INET6 ->
                head.sender(
                        network(name, SocketAddresses.IN6_ADDR),
                        network(name, SocketAddresses.IN6_ADDR + Long.BYTES),
                        port,
                        name.getInt(SocketAddresses.IN6_SCOPE_ID));
            default -> head.sender(null);
        }
    }

    private static long network(ByteBuffer memory, int at) {
        long bytes = memory.getLong(at);
        return memory.order() == ByteOrder.BIG_ENDIAN ? bytes : Long.reverseBytes(bytes);
    }

    @Override
    void letGo() {
        DatagramPiece piece = into;
        if (piece != null && !receiving) {
            into = null;
            pieces.release(piece);
        }
    }

    // Sending.

    @Override
    int send(Operation operation) throws IOException {
        if (DatagramPayload.length(operation) > DatagramPiece.LARGE) {
            return -WinsockError.WSAEMSGSIZE;
        } else if (sendsInFlight == SENDS) {
            waiting.add(operation);
            return 0;
        }
        return begin(operation);
    }

    private int begin(Operation operation) throws IOException {
        SocketAddress to = owner.destination(operation);
        if (to != null && !fits(to)) {
            return -WinsockError.WSAEAFNOSUPPORT;
        }
        int length = DatagramPayload.length(operation);
        DatagramPiece piece = pieces.acquire(length > DatagramPiece.SMALL);
        int index = 0;
        int answer = -WinsockError.WSAEFAULT;
        try {
            if (length > 0) {
                ByteBuffer whole = Preparation.whole(operation);
                piece.data().put(0, whole, DatagramPayload.offset(operation), length);
            }
            if (to != null && owner.family == WinsockConstants.AF_INET6) {
                SocketAddresses.setMapped(piece.name(), 0, (InetSocketAddress) to);
            } else if (to != null) {
                SocketAddresses.set(piece.name(), 0, to);
            }
            while (sending[index] != null) {
                index++;
            }
            answer = begun(
                    queue.sendDatagram(slice(piece), length, to == null ? null : piece.nameSlice(), context(index), 0));
        } finally {
            if (answer != 0) {
                pieces.release(piece);
            }
        }
        if (answer == 0) {
            sendsInFlight++;
            sending[index] = operation;
            from[index] = piece;
            operation.driverState(ENDS_BY_ITSELF);
        }
        return answer;
    }

    private static RioSlice slice(DatagramPiece piece) {
        return Objects.requireNonNull(piece.dataSlice(), "registered memory");
    }

    private boolean fits(SocketAddress to) {
        return to instanceof InetSocketAddress inet
                && (owner.family == WinsockConstants.AF_INET6 || !(inet.getAddress() instanceof Inet6Address));
    }

    private void sendMore() {
        while (!closed && sendsInFlight < SENDS) {
            Operation next = waiting.poll();
            if (next == null) {
                return;
            }
            try {
                int answer = begin(next);
                if (answer != 0) {
                    owner.core.completions().failed(next, SocketFailures.of(next, -answer));
                }
            } catch (IOException | RuntimeException e) {
                owner.core.completions().failed(next, WindowsFailures.of(next, e));
            }
        }
    }

    // Ends.

    @Override
    public void completed(long context, int error, int bytes) {
        int index = (int) context;
        inFlight--;
        forgetWhenDrained();
        if (index == RECEIVE) {
            receiving = false;
            owner.received(error, bytes);
            if (closed) {
                letGo();
            }
        } else {
            sent(index, error, bytes);
            sendMore();
        }
        owner.requestEnded();
    }

    private void sent(int index, int error, int bytes) {
        Operation operation = sending[index];
        DatagramPiece piece = from[index];
        if (operation == null || piece == null) {
            throw new AssertionError("a send ends once");
        }
        sendsInFlight--;
        sending[index] = null;
        from[index] = null;
        pieces.release(piece);
        if (error == 0) {
            owner.core.completions().done(operation, bytes);
        } else {
            owner.core.completions().failed(operation, SocketFailures.of(operation, error));
        }
    }

    @Override
    void close() {
        closed = true;
        queue.close();
        letGo();
        forgetWhenDrained();
    }

    private void forgetWhenDrained() {
        if (closed && inFlight == 0) {
            registered.remove(id);
        }
    }

    @Override
    int inFlight() {
        return inFlight;
    }
}
