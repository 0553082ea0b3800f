package dev.ringflow.windows.driver;

import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.Ws2_32;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockConstants;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Objects;

/** Makes sockets for packets of UDP: datagram sockets. */
final class PacketSockets {
    private PacketSockets() {}

    static DatagramSocketState open(SocketFamily sockets, Operation operation) throws IOException {
        PacketEndpoint endpoint = (PacketEndpoint) Objects.requireNonNull(operation.argument());
        refuse(endpoint, operation.flags() != 0);
        InetSocketAddress local = Objects.requireNonNull(endpoint.local());
        int family = local.getAddress() instanceof Inet6Address ? WinsockConstants.AF_INET6 : WinsockConstants.AF_INET;
        sockets.core().counters().systemCalls().add(2);
        int flags = sockets.takesRegistered(family) ? WinsockConstants.WSA_FLAG_REGISTERED_IO : 0;
        long socket = Winsock.socket(family, WinsockConstants.SOCK_DGRAM, 0, flags);
        boolean made = false;
        try {
            if (endpoint.socketBuffer() > 0) {
                int bytes = endpoint.socketBuffer();
                Winsock.setOption(socket, WinsockConstants.SOL_SOCKET, WinsockConstants.SO_RCVBUF, bytes);
                Winsock.setOption(socket, WinsockConstants.SOL_SOCKET, WinsockConstants.SO_SNDBUF, bytes);
            }
            Winsock.bind(socket, local);
            DatagramSocketState state = new DatagramSocketState(sockets, socket, family);
            if (endpoint.peer() != null) {
                state.connect(SocketFamily.reachable(endpoint.peer()));
            }
            made = true;
            return state;
        } finally {
            if (!made) {
                Ws2_32.closesocket(socket);
            }
        }
    }

    private static void refuse(PacketEndpoint endpoint, boolean shared) {
        if (endpoint.kind() != PacketEndpoint.Kind.UDP) {
            throw new UnsupportedOperationException(
                    "Packets of " + endpoint + " are not supported by the driver " + WindowsDriverProvider.NAME
                            + ": Windows sends no TCP or spoofed packets by raw sockets, and has none below IP. Use UDP");
        } else if (endpoint.networkInterface() != null || endpoint.namespace() != null) {
            throw SocketFailures.unsupported(
                    "binding to an interface or in a network namespace, which Windows does not have. Bind to an address");
        } else if (shared) {
            throw SocketFailures.unsupported(
                    "several sockets that share a port: Windows gives what comes to any one of them");
        }
    }
}
