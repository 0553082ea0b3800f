package dev.ringflow.windows.driver;

import dev.ringflow.net.DatagramOptions;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.Ws2_32;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockError;
import dev.ringflow.windows.iocp.WinsockException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;

/** The calls that make a datagram socket. */
final class DatagramCalls {
    /**
     * A bound socket for datagrams.
     *
     * @param socket the socket, which the caller closes
     * @param family {@code AF_} constant
     */
    record Bound(long socket, int family) {}

    private DatagramCalls() {}

    static Bound bind(SocketFamily sockets, Operation operation) throws IOException {
        DatagramOptions options =
                operation.secondArgument() instanceof DatagramOptions given ? given : DatagramOptions.defaults();
        if (!(operation.address() instanceof InetSocketAddress where)) {
            throw SocketFailures.unsupported("datagrams of unix sockets");
        }
        refuse(options);
        boolean any = where.getAddress().isAnyLocalAddress();
        boolean four = options.family() == StandardProtocolFamily.INET
                || options.family() == null && where.getAddress() instanceof Inet4Address && !any;
        if (four) {
            return bindTo(sockets, operation, options, WinsockConstants.AF_INET, where);
        }
        try {
            return bindTo(sockets, operation, options, WinsockConstants.AF_INET6, where);
        } catch (WinsockException e) {
            boolean lacks6 = e.error() == WinsockError.WSAEAFNOSUPPORT || e.error() == WinsockError.WSAEADDRNOTAVAIL;
            if (!lacks6 || !any || options.family() != null) {
                throw e;
            }
            return bindTo(sockets, operation, options, WinsockConstants.AF_INET, where);
        }
    }

    private static void refuse(DatagramOptions options) {
        if (!options.details().isEmpty()) {
            throw SocketFailures.unsupported("details of datagrams: " + options.details());
        } else if (options.segmentSize() > 0) {
            throw SocketFailures.unsupported("segmentation of datagrams (segmentSize)");
        } else if (options.coalescing()) {
            throw SocketFailures.unsupported("coalescing of datagrams");
        } else if (options.hopLimit() >= 0) {
            throw SocketFailures.unsupported("a hop limit of datagrams to single receivers");
        } else if (options.reusePort()) {
            throw SocketFailures.unsupported("SO_REUSEPORT");
        }
    }

    private static Bound bindTo(
            SocketFamily sockets, Operation operation, DatagramOptions options, int family, InetSocketAddress where)
            throws IOException {
        sockets.core().counters().systemCalls().add(2);
        int flags = sockets.takesRegistered(family) ? WinsockConstants.WSA_FLAG_REGISTERED_IO : 0;
        long socket = Winsock.socket(family, WinsockConstants.SOCK_DGRAM, 0, flags);
        boolean bound = false;
        try {
            set(operation, socket, family, options);
            if (family == WinsockConstants.AF_INET6) {
                int only = options.family() == StandardProtocolFamily.INET6 ? 1 : 0;
                Winsock.setOption(socket, WinsockConstants.IPPROTO_IPV6, WinsockConstants.IPV6_V6ONLY, only);
            }
            boolean any = where.getAddress().isAnyLocalAddress();
            Winsock.bind(socket, any ? SocketFamily.wildcard(family, where.getPort()) : where);
            bound = true;
            return new Bound(socket, family);
        } finally {
            if (!bound) {
                Ws2_32.closesocket(socket);
            }
        }
    }

    private static void set(Operation operation, long socket, int family, DatagramOptions options) throws IOException {
        if (options.reuseAddress()) {
            set(operation, socket, family, StandardSocketOptions.SO_REUSEADDR, true);
        }
        if (options.broadcast()) {
            set(operation, socket, family, StandardSocketOptions.SO_BROADCAST, true);
        }
        if (options.receiveBuffer() > 0) {
            set(operation, socket, family, StandardSocketOptions.SO_RCVBUF, options.receiveBuffer());
        }
        if (options.sendBuffer() > 0) {
            set(operation, socket, family, StandardSocketOptions.SO_SNDBUF, options.sendBuffer());
        }
        if (options.trafficClass() >= 0) {
            set(operation, socket, family, StandardSocketOptions.IP_TOS, options.trafficClass());
        }
        if (options.multicastHopLimit() >= 0) {
            set(operation, socket, family, StandardSocketOptions.IP_MULTICAST_TTL, options.multicastHopLimit());
        }
        if (!options.multicastLoopback()) {
            set(operation, socket, family, StandardSocketOptions.IP_MULTICAST_LOOP, false);
        }
        if (options.multicastInterface() != null) {
            DatagramMemberships.sendBy(socket, family, options.multicastInterface());
        }
    }

    private static void set(Operation operation, long socket, int family, SocketOption<?> option, Object value)
            throws IOException {
        SocketOptionCalls.set(operation, socket, family, option, value);
    }
}
