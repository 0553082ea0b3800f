package dev.ringflow.windows.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.Ntdll;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection. How its requests reach the kernel is chosen at the first, so that a connection on which nothing was done
 * yet can be moved to another ring. Confined to the loop thread.
 */
final class StreamSocket extends SocketState {
    private final StreamReceives receives;
    private final StreamSends sends;
    private final boolean registered;
    private boolean associated;
    private @Nullable StreamTransport transport;
    private @Nullable Operation closing;
    private boolean closed;
    private boolean socketClosed;

    /**
     * Makes one of a socket that is connected.
     *
     * @param registered whether the socket takes Registered I/O
     * @param associated whether it belongs to the driver's completion port already
     */
    StreamSocket(SocketFamily sockets, long socket, int family, boolean registered, boolean associated) {
        super(sockets, socket, family);
        this.registered = registered;
        this.associated = associated;
        this.receives = new StreamReceives(this);
        this.sends = new StreamSends(this);
    }

    /**
     * Whether nothing of this driver knows the socket, or no longer: before the first receive or send it can be had back
     * from the completion port that it was connected by, on a Windows which can do that.
     */
    boolean isMovable() {
        if (transport == null && associated && Ntdll.leavesPort(socket)) {
            associated = false;
        }
        return transport == null && !associated;
    }

    boolean isRegistered() {
        return registered;
    }

    StreamTransport transport() throws WinsockException {
        StreamTransport made = transport;
        if (made == null) {
            made = choose();
            transport = made;
        }
        return made;
    }

    private StreamTransport choose() throws WinsockException {
        RegisteredSockets known = sockets.registered();
        if (registered && known != null) {
            try {
                return new RegisteredTransport(this, socket, known);
            } catch (WinsockException tooMany) {
                sockets.withoutRegistered(tooMany); // the socket takes overlapped requests as well
            }
        }
        if (!associated) {
            sockets.requests().associate(socket);
            associated = true;
        }
        return new PortTransport(this, socket, sockets.requests(), sockets.pieces());
    }

    void receive(Operation operation) {
        receives.start(operation);
    }

    void send(Operation operation) {
        sends.start(operation);
    }

    /** The receive has ended. */
    void received(int error, int bytes) {
        receives.ended(error, bytes);
        endClosing();
    }

    /** A send has ended. */
    void sent(int index, int error, int bytes) {
        sends.ended(index, error, bytes);
        if (closed && !socketClosed && !sends.isHolding()) {
            closeNow();
        }
        endClosing();
    }

    /** Whether there is something to receive at once. */
    boolean hasBytes() {
        core.counters().systemCalls().add(1);
        return sockets.bytesWaiting(socket) > 0;
    }

    boolean isClosed() {
        return closed;
    }

    void shutdown(Operation operation) throws IOException {
        core.counters().systemCalls().add(1);
        if (operation.flags() == 0) {
            sends.shutdown();
        } else {
            shutdownNow(WinsockConstants.SD_RECEIVE);
            receives.shutdown();
        }
        core.completions().done(operation, 0);
    }

    void shutdownNow(int how) throws WinsockException {
        Winsock.shutdown(socket, how);
    }

    /**
     * Ends the operation when the kernel has let go of all memory; except that of sends which were told their bytes: these
     * go out first, and then the socket closes, without anybody waiting for it.
     */
    @Override
    public void close(Operation operation) {
        if (sends.isHolding()) {
            closed = true;
            core.completions().done(operation, 0);
            return;
        }
        closing = operation;
        closeNow();
        endClosing();
    }

    @Override
    public void closeNow() {
        if (socketClosed) {
            return;
        }
        closed = true;
        socketClosed = true;
        core.counters().systemCalls().add(1);
        StreamTransport used = transport;
        if (used == null) {
            closeSocket();
        } else {
            used.close();
        }
    }

    private void endClosing() {
        if (!socketClosed || transport != null && transport.inFlight() > 0) {
            return;
        }
        receives.releaseAll();
        Operation operation = closing;
        if (operation != null) {
            closing = null;
            core.completions().done(operation, 0);
        }
    }
}
