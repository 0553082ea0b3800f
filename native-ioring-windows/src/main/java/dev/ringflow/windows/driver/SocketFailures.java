package dev.ringflow.windows.driver;

import dev.ringflow.RingException;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.iocp.WinsockError;
import dev.ringflow.windows.iocp.WinsockException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns errors of Winsock into the exceptions that the other drivers throw for sockets. */
final class SocketFailures {
    private static final int ERROR_SEM_TIMEOUT = 121;
    private static final int ERROR_NETWORK_UNREACHABLE = 1231;
    private static final int ERROR_HOST_UNREACHABLE = 1232;
    private static final int ERROR_PROTOCOL_UNREACHABLE = 1233;
    private static final int ERROR_PORT_UNREACHABLE = 1234;
    private static final int ERROR_REQUEST_ABORTED = 1235;
    private static final int ERROR_CONNECTION_ABORTED = 1236;
    private static final int ERROR_TIMEOUT = 1460;

    private SocketFailures() {}

    /** What a thrown failure stands for. */
    static IOException of(Operation operation, Exception failure) throws RuntimeException {
        if (failure instanceof WinsockException winsock) {
            Throwable known = of(operation, winsock.error());
            if (known instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            known.initCause(winsock);
            return (IOException) known;
        } else if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        return (IOException) failure;
    }

    /**
     * What an error stands for.
     *
     * @param plain above zero
     */
    static Throwable of(Operation operation, int plain) {
        int error = winsock(plain);
        if (error == WinsockError.WSA_OPERATION_ABORTED) {
            return new AsynchronousCloseException();
        }
        return switch (operation.opCode()) {
            case LISTEN, CONNECT -> address(operation, error);
            case RECEIVE, RECEIVE_MULTISHOT, SEND, SEND_VECTORED, SEND_ZERO_COPY, SHUTDOWN -> stream(operation, error);
            case BIND,
                    CONNECT_DATAGRAM,
                    RECEIVE_DATAGRAM,
                    RECEIVE_DATAGRAM_MULTISHOT,
                    SEND_DATAGRAM,
                    OPEN_PACKET_SOCKET,
                    RECEIVE_PACKET,
                    SEND_PACKET -> datagram(operation, error);
            default -> other(operation, error);
        };
    }

    /** Completions may tell what the network says by errors of Win32, for which Winsock has others. */
    static int winsock(int error) {
        return switch (error) {
            case ERROR_SEM_TIMEOUT, ERROR_TIMEOUT -> WinsockError.WSAETIMEDOUT;
            case WinsockError.ERROR_MORE_DATA -> WinsockError.WSAEMSGSIZE;
            case ERROR_NETWORK_UNREACHABLE -> WinsockError.WSAENETUNREACH;
            case ERROR_HOST_UNREACHABLE -> WinsockError.WSAEHOSTUNREACH;
            case ERROR_PROTOCOL_UNREACHABLE, ERROR_PORT_UNREACHABLE -> WinsockError.WSAECONNRESET;
            case ERROR_REQUEST_ABORTED -> WinsockError.WSA_OPERATION_ABORTED;
            case ERROR_CONNECTION_ABORTED -> WinsockError.WSAECONNABORTED;
            default -> error;
        };
    }

    private static boolean isOfFamily(int error) {
        return error == WinsockError.WSAEAFNOSUPPORT
                || error == WinsockError.WSAEPROTONOSUPPORT
                || error == WinsockError.WSAESOCKTNOSUPPORT;
    }

    private static Throwable address(Operation operation, int error) {
        String where = ": " + operation.address();
        boolean listens = operation.opCode() == OpCode.LISTEN;
        boolean unix = !(operation.address() instanceof InetSocketAddress);
        if (unix && isOfFamily(error)) {
            return unsupported("unix sockets, which this Windows does not have: " + operation.address());
        }
        return switch (error) {
            case WinsockError.WSAEADDRINUSE ->
                new BindException("Address already in use" + where
                        + (unix ? " (ListenOptions.replaceStaleFile replaces what an earlier server has left)" : ""));
            case WinsockError.WSAEADDRNOTAVAIL ->
                listens
                        ? new BindException("Cannot assign requested address" + where)
                        : new ConnectException("Cannot assign requested address" + where);
            case WinsockError.WSAEACCES, WinsockError.ERROR_ACCESS_DENIED ->
                new BindException("Permission denied" + where
                        + (unix ? "" : " (another program has the port for itself, or Windows has reserved it)"));
            case WinsockError.WSAECONNREFUSED, WinsockError.ERROR_CONNECTION_REFUSED ->
                new ConnectException("Connection refused" + where);
            case WinsockError.WSAETIMEDOUT -> new ConnectException("Connection timed out" + where);
            case WinsockError.WSAEHOSTUNREACH, WinsockError.WSAENETUNREACH ->
                new NoRouteToHostException(reason(error) + where);
            default -> {
                if (unix && error == WinsockError.WSAEINVAL) {
                    String message = "No such file or directory" + where;
                    yield listens ? new BindException(message) : new ConnectException(message);
                }
                yield other(operation, error);
            }
        };
    }

    static IOException bindFailure(Operation operation, SocketAddress local, WinsockException e) {
        String reason = switch (e.error()) {
            case WinsockError.WSAEADDRINUSE -> "Address already in use";
            case WinsockError.WSAEADDRNOTAVAIL -> "Cannot assign requested address";
            default -> reason(e.error());
        };
        BindException told = new BindException(reason + ": " + local + ", to connect from to " + operation.address());
        told.initCause(e);
        return told;
    }

    static SocketException brokenPipe(Operation operation) {
        return new SocketException(
                "Broken pipe: " + operation.owner() + " was shut down for sending, or its peer has gone");
    }

    private static IOException stream(Operation operation, int error) {
        return switch (error) {
            case WinsockError.WSAECONNRESET, WinsockError.WSAENETRESET, WinsockError.ERROR_NETNAME_DELETED ->
                new SocketException("Connection reset: " + operation.owner());
            case WinsockError.WSAECONNABORTED, WinsockError.WSAESHUTDOWN, WinsockError.WSAEDISCON ->
                brokenPipe(operation);
            case WinsockError.WSAETIMEDOUT -> new SocketException("Connection timed out: " + operation.owner());
            case WinsockError.WSAENOTCONN -> new SocketException("Not connected any more: " + operation.owner());
            default -> other(operation, error);
        };
    }

    private static Throwable datagram(Operation operation, int error) {
        if (operation.opCode() == OpCode.BIND || operation.opCode() == OpCode.OPEN_PACKET_SOCKET) {
            String where = ": " + operation.argument();
            return switch (error) {
                case WinsockError.WSAEADDRINUSE -> new BindException("Address already in use" + where);
                case WinsockError.WSAEADDRNOTAVAIL -> new BindException("Cannot assign requested address" + where);
                case WinsockError.WSAEACCES, WinsockError.ERROR_ACCESS_DENIED ->
                    new BindException("Permission denied" + where);
                case WinsockError.WSAEAFNOSUPPORT -> new UnsupportedAddressTypeException();
                default -> other(operation, error);
            };
        }
        String what = ": " + operation.owner()
                + (operation.opCode() == OpCode.SEND_DATAGRAM && operation.argument() != null
                        ? " to " + operation.argument()
                        : "");
        return switch (error) {
            case WinsockError.WSAECONNRESET, WinsockError.WSAECONNREFUSED, WinsockError.WSAENETRESET ->
                new PortUnreachableException("Nobody receives at the port of the peer" + what);
            case WinsockError.WSAEMSGSIZE ->
                new SocketException("Message too long: " + operation.length()
                        + " bytes are more than one datagram may have" + what);
            case WinsockError.WSAEDESTADDRREQ, WinsockError.WSAENOTCONN -> new NotYetConnectedException();
            case WinsockError.WSAEHOSTUNREACH, WinsockError.WSAENETUNREACH ->
                new NoRouteToHostException(reason(error) + what);
            case WinsockError.WSAEAFNOSUPPORT -> new UnsupportedAddressTypeException();
            case WinsockError.WSAEACCES, WinsockError.ERROR_ACCESS_DENIED ->
                new SocketException("Permission denied (for a broadcast address, DatagramOptions.broadcast)" + what);
            default -> other(operation, error);
        };
    }

    static UnsupportedOperationException unsupported(String what) {
        return new UnsupportedOperationException(
                "Not supported by the driver " + WindowsDriverProvider.NAME + ": " + what);
    }

    static UnsupportedOperationException unsupportedOption(@Nullable Object target, SocketOption<?> option) {
        return new UnsupportedOperationException(option.name() + " of " + target + " is not supported by the driver "
                + WindowsDriverProvider.NAME + ", or not by such a socket");
    }

    static IOException option(@Nullable Object target, SocketOption<?> option, int error) {
        return new RingException(
                "option " + option.name() + " of " + target,
                error,
                WinsockError.name(error),
                reason(error),
                WinsockError.advice(error));
    }

    static RingException other(Operation operation, int error) {
        Object target = operation.owner() != null ? operation.owner() : operation.argument();
        String what = operation.opCode().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (target == null ? "" : " of " + target);
        return new RingException(what, error, WinsockError.name(error), reason(error), WinsockError.advice(error));
    }

    private static String reason(int error) {
        String meaning = WinsockError.meaning(error);
        return meaning.endsWith(".") ? meaning.substring(0, meaning.length() - 1) : meaning;
    }
}
