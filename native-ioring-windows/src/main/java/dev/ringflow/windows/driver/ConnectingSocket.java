package dev.ringflow.windows.driver;

import dev.ringflow.net.ConnectOptions;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.Ws2_32;
import dev.ringflow.windows.iocp.ConnectEx;
import dev.ringflow.windows.iocp.Overlapped;
import dev.ringflow.windows.iocp.OverlappedSockets;
import dev.ringflow.windows.iocp.SocketAddresses;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockError;
import dev.ringflow.windows.iocp.WinsockException;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A connection that is being made; a {@link StreamSocket} takes its place. Confined to the loop thread. */
final class ConnectingSocket implements SocketRequest, Cancellable {
    private final SocketFamily sockets;
    private final DriverCore core;
    private final Operation operation;
    private final int family;
    private final boolean registered;
    private final long socket;
    private @Nullable Overlapped block;

    private ConnectingSocket(SocketFamily sockets, Operation operation, int family, boolean registered)
            throws WinsockException {
        this.sockets = sockets;
        this.core = sockets.core();
        this.operation = operation;
        this.family = family;
        this.registered = registered;
        this.socket = Winsock.socket(
                family, WinsockConstants.SOCK_STREAM, 0, registered ? WinsockConstants.WSA_FLAG_REGISTERED_IO : 0);
    }

    static void start(SocketFamily sockets, Operation operation) throws IOException {
        SocketFamily.refuseAbstract(operation.address());
        SocketAddress peer = SocketFamily.reachable(operation.address());
        int family = SocketAddresses.family(peer);
        ConnectingSocket connecting = new ConnectingSocket(sockets, operation, family, sockets.takesRegistered(family));
        boolean started = false;
        try {
            connecting.begin(peer);
            started = true;
        } finally {
            if (!started) {
                Ws2_32.closesocket(connecting.socket);
            }
        }
    }

    private void begin(SocketAddress peer) throws IOException {
        ConnectOptions options =
                operation.secondArgument() instanceof ConnectOptions given ? given : ConnectOptions.defaults();
        core.counters().systemCalls().add(4);
        SocketOptionCalls.apply(operation, socket, family, options);
        SocketAddress local = options.localAddress();
        if (local != null) {
            try {
                Winsock.bind(socket, local);
            } catch (WinsockException e) {
                throw SocketFailures.bindFailure(operation, local, e);
            }
        }
        if (family == WinsockConstants.AF_UNIX) {
            beginLocal(peer);
            return;
        }
        sockets.requests().associate(socket);
        Overlapped taken = sockets.requests().acquire();
        int answer;
        try {
            answer = sockets.connectEx(socket, family).connect(socket, peer, taken);
        } catch (WinsockException e) {
            taken.release();
            throw e;
        }
        if (answer != 0) {
            taken.release();
            throw new WinsockException(answer, "ConnectEx(" + peer + ")");
        }
        block = taken;
        sockets.requests().started(taken, this);
        sockets.connecting(this);
        operation.driverState(this);
    }

    private void beginLocal(SocketAddress peer) throws WinsockException {
        int answer = connectLocal(peer);
        if (answer == -WinsockError.WSAEWOULDBLOCK) {
            sockets.crowded().add(this);
            sockets.connecting(this);
            operation.driverState(this);
            return;
        }
        if (answer != 0) {
            throw new WinsockException(answer, "connect(" + peer + ")");
        }
        connected(false);
    }

    private int connectLocal(SocketAddress peer) {
        core.counters().systemCalls().add(1);
        try {
            Winsock.connect(socket, peer);
            return 0;
        } catch (WinsockException e) {
            return -e.error();
        }
    }

    /** Asks once more; false when it is over one way or the other. */
    boolean isStillRefused() {
        int answer = connectLocal(operation.address());
        if (answer == -WinsockError.WSAEWOULDBLOCK) {
            return true;
        }
        sockets.connected(this);
        if (answer != 0) {
            fail(-answer);
            return false;
        }
        try {
            connected(false);
        } catch (WinsockException e) {
            fail(e.error());
        }
        return false;
    }

    private void connected(boolean associated) throws WinsockException {
        SocketAddress local = Winsock.localAddress(socket);
        StreamSocket stream = new StreamSocket(sockets, socket, family, registered, associated);
        core.completions().opened(operation, core.opened(stream), local);
    }

    @Override
    public void completed(Overlapped done, int error, int bytes) {
        done.release();
        block = null;
        sockets.connected(this);
        if (error == 0) {
            try {
                core.counters().systemCalls().add(2);
                ConnectEx.finish(socket);
                connected(true);
                return;
            } catch (WinsockException e) {
                fail(e.error());
                return;
            }
        }
        fail(error);
    }

    private void fail(int error) {
        Ws2_32.closesocket(socket);
        if (error == WinsockError.WSA_OPERATION_ABORTED && operation.isCancelRequested()) {
            core.completions().cancelled(operation);
        } else {
            core.completions().failed(operation, SocketFailures.of(operation, error));
        }
    }

    @Override
    public void cancel() {
        core.counters().systemCalls().add(1);
        if (block != null) {
            OverlappedSockets.cancel(socket, block);
            return;
        }
        sockets.crowded().remove(this);
        sockets.connected(this);
        Ws2_32.closesocket(socket);
        core.completions().cancelled(operation);
    }

    /** The driver ends without waiting. */
    void closeNow() {
        Ws2_32.closesocket(socket);
    }
}
