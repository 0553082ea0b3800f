package dev.ringflow.windows.driver;

import dev.ringflow.spi.DatagramHead;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.iocp.Overlapped;
import dev.ringflow.windows.iocp.OverlappedSockets;
import dev.ringflow.windows.iocp.WinsockException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@code WSARecvFrom} and {@code WSASendTo}, told by the completion port: where Registered I/O is missing. Sends go from the
 * operations' own memory.
 */
final class PortDatagrams extends DatagramTransport implements SocketRequest {
    private final SocketRequests requests;
    private final DatagramPieces pieces;
    private @Nullable DatagramPiece into;
    private @Nullable SocketAddress sender;
    private boolean receiving;
    private boolean closed;
    private int inFlight;

    PortDatagrams(DatagramSocketState owner) {
        super(owner);
        this.requests = owner.sockets.requests();
        this.pieces = owner.sockets.datagramPieces();
    }

    // Receiving.

    @Override
    int receive() throws WinsockException {
        DatagramPiece piece = into;
        if (piece == null) {
            piece = pieces.acquire(true);
            into = piece;
        }
        Overlapped block = requests.acquire();
        int answer = OverlappedSockets.receiveFrom(socket, piece.data().clear(), block);
        receiving = answer == 0;
        return begun(answer, block, this);
    }

    @Override
    public void completed(Overlapped block, int error, int bytes) {
        sender = block.sender();
        block.release();
        inFlight--;
        receiving = false;
        owner.received(error, bytes);
        if (closed) {
            letGo();
        }
        owner.requestEnded();
    }

    @Override
    ByteBuffer datagram() {
        DatagramPiece piece = into;
        if (piece == null) {
            throw new AssertionError("there is a datagram");
        }
        return piece.data();
    }

    @Override
    void sender(DatagramHead head) {
        DatagramSocketState.sender(head, sender);
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
        SocketAddress to = owner.destination(operation);
        ByteBuffer memory = DatagramPayload.of(operation);
        Overlapped block = requests.acquire();
        int answer;
        try {
            answer = to == null
                    ? OverlappedSockets.send(socket, memory, block)
                    : OverlappedSockets.sendTo(socket, memory, owner.inFamily(to), block);
        } catch (IOException | RuntimeException e) {
            block.release();
            throw e;
        }
        DatagramSend send = new DatagramSend(this, operation, block);
        if (begun(answer, block, send) == 0) {
            operation.driverState(send);
        }
        return answer;
    }

    private int begun(int answer, Overlapped block, SocketRequest request) {
        owner.core.counters().systemCalls().add(1);
        if (answer == 0) {
            requests.started(block, request);
            inFlight++;
        } else {
            block.release();
        }
        return answer;
    }

    /** A send has ended, and is told. */
    void sent() {
        inFlight--;
        owner.requestEnded();
    }

    @Override
    void close() {
        closed = true;
        owner.closeSocket();
        letGo();
    }

    @Override
    int inFlight() {
        return inFlight;
    }
}
