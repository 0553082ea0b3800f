package dev.ringflow.windows.driver;

import dev.ringflow.windows.internal.Ws2_32;
import dev.ringflow.windows.iocp.Winsock;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** A socket. Confined to the loop thread. */
abstract class SocketState implements HandleState {
    final SocketFamily sockets;
    final DriverCore core;
    final long socket;
    final int family;

    SocketState(SocketFamily sockets, long socket, int family) {
        this.sockets = sockets;
        this.core = sockets.core();
        this.socket = socket;
        this.family = family;
    }

    SocketAddress localAddress() throws IOException {
        return known(Winsock.localAddress(socket));
    }

    SocketAddress remoteAddress() throws IOException {
        return known(Winsock.peerAddress(socket));
    }

    private static SocketAddress known(@Nullable SocketAddress found) throws SocketException {
        if (found == null) {
            throw new SocketException("an address of a family that is not known");
        }
        return found;
    }

    final void closeSocket() {
        Ws2_32.closesocket(socket);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + socket + "]";
    }
}
