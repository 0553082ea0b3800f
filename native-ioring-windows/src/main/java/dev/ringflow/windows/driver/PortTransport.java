package dev.ringflow.windows.driver;

import dev.ringflow.windows.internal.Ws2_32;
import dev.ringflow.windows.iocp.Overlapped;
import dev.ringflow.windows.iocp.OverlappedSockets;
import dev.ringflow.windows.iocp.WinsockException;
import java.nio.ByteBuffer;

/** {@code WSARecv} and {@code WSASend}, told by the completion port: where Registered I/O is missing. */
final class PortTransport extends StreamTransport {
    private final SocketRequests requests;
    private final Pieces pieces;
    private final SocketRequest receive = this::received;
    private final SocketRequest[] sends = new SocketRequest[SENDS];
    private int inFlight;

    PortTransport(StreamSocket owner, long socket, SocketRequests requests, Pieces pieces) {
        super(owner, socket);
        this.requests = requests;
        this.pieces = pieces;
        for (int i = 0; i < SENDS; i++) {
            int index = i;
            sends[i] = (done, error, sent) -> sent(index, done, error, sent);
        }
    }

    @Override
    Pieces pieces() {
        return pieces;
    }

    @Override
    int receive(Piece into) throws WinsockException {
        Overlapped block = requests.acquire();
        return begun(OverlappedSockets.receive(socket, into.buffer().clear(), block), block, receive);
    }

    @Override
    int send(int index, Piece from, int bytes, boolean moreFollow) throws WinsockException {
        Overlapped block = requests.acquire();
        ByteBuffer memory = from.buffer().clear().limit(bytes);
        return begun(OverlappedSockets.send(socket, memory, block), block, sends[index]);
    }

    @Override
    void commit() {}

    private int begun(int answer, Overlapped block, SocketRequest request) {
        if (answer == 0) {
            requests.started(block, request);
            inFlight++;
        } else {
            block.release();
        }
        return answer;
    }

    private void received(Overlapped block, int error, int bytes) {
        block.release();
        inFlight--;
        owner.received(error, bytes);
    }

    private void sent(int index, Overlapped block, int error, int bytes) {
        block.release();
        inFlight--;
        owner.sent(index, error, bytes);
    }

    @Override
    void close() {
        Ws2_32.closesocket(socket);
    }

    @Override
    int inFlight() {
        return inFlight;
    }
}
