package dev.ringflow.windows.driver;

import dev.ringflow.net.ListenOptions;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.StaleSocketFile;
import dev.ringflow.windows.internal.Ws2_32;
import dev.ringflow.windows.iocp.SocketAddresses;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockError;
import dev.ringflow.windows.iocp.WinsockException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;

/** The calls that make a listening socket. */
final class ListeningCalls {
    /**
     * A socket that listens.
     *
     * @param socket the socket, which the caller closes
     * @param family {@code AF_} constant
     * @param registered whether it takes Registered I/O
     */
    record Listening(long socket, int family, boolean registered) {}

    private ListeningCalls() {}

    static Listening listen(SocketFamily sockets, Operation operation, ListenOptions options) throws IOException {
        SocketAddress where = operation.address();
        SocketFamily.refuseAbstract(where);
        if (!SocketFamily.isWildcard(where)) {
            return listenOn(sockets, operation, options, SocketAddresses.family(where), where, true);
        }
        int port = ((InetSocketAddress) where).getPort();
        if (options.family() == StandardProtocolFamily.INET) {
            SocketAddress any = SocketFamily.wildcard(WinsockConstants.AF_INET, port);
            return listenOn(sockets, operation, options, WinsockConstants.AF_INET, any, true);
        }
        SocketAddress any = SocketFamily.wildcard(WinsockConstants.AF_INET6, port);
        boolean only = options.family() == StandardProtocolFamily.INET6;
        try {
            return listenOn(sockets, operation, options, WinsockConstants.AF_INET6, any, only);
        } catch (WinsockException e) {
            if (only
                    || e.error() != WinsockError.WSAEAFNOSUPPORT
                            && e.error() != WinsockError.WSAEADDRNOTAVAIL
                            && e.error() != WinsockError.WSAEPROTONOSUPPORT) {
                throw e;
            }
        }
        any = SocketFamily.wildcard(WinsockConstants.AF_INET, port);
        return listenOn(sockets, operation, options, WinsockConstants.AF_INET, any, true);
    }

    private static Listening listenOn(
            SocketFamily sockets,
            Operation operation,
            ListenOptions options,
            int family,
            SocketAddress where,
            boolean only6)
            throws IOException {
        sockets.core().counters().systemCalls().add(4);
        boolean registered = sockets.takesRegistered(family);
        long socket = Winsock.socket(
                family, WinsockConstants.SOCK_STREAM, 0, registered ? WinsockConstants.WSA_FLAG_REGISTERED_IO : 0);
        boolean listens = false;
        try {
            if (family != WinsockConstants.AF_UNIX) {
                Winsock.setOption(socket, WinsockConstants.SOL_SOCKET, WinsockConstants.SO_EXCLUSIVEADDRUSE, 1);
            }
            if (family == WinsockConstants.AF_INET6) {
                int value = only6 ? 1 : 0;
                Winsock.setOption(socket, WinsockConstants.IPPROTO_IPV6, WinsockConstants.IPV6_V6ONLY, value);
            }
            SocketOptionCalls.apply(operation, socket, family, options);
            bind(socket, where, options);
            Winsock.listen(socket, operation.flags());
            listens = true;
            return new Listening(socket, family, registered);
        } finally {
            if (!listens) {
                Ws2_32.closesocket(socket);
            }
        }
    }

    private static void bind(long socket, SocketAddress where, ListenOptions options) throws IOException {
        try {
            Winsock.bind(socket, where);
        } catch (WinsockException taken) {
            if (taken.error() != WinsockError.WSAEADDRINUSE || !options.replacesStaleFile() || !isReplaced(where)) {
                throw taken;
            }
            Winsock.bind(socket, where);
        }
    }

    private static boolean isReplaced(SocketAddress where) {
        try {
            return where instanceof UnixDomainSocketAddress file && StaleSocketFile.remove(file.getPath());
        } catch (IOException refused) {
            return false; // the address stays in use
        }
    }
}
