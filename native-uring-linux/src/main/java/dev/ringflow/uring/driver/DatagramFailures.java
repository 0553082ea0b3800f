package dev.ringflow.uring.driver;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Errno;
import java.net.BindException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnsupportedAddressTypeException;

/** What goes wrong with datagrams, as NIO's {@code DatagramChannel} tells it. */
final class DatagramFailures {
    private DatagramFailures() {}

    static Throwable of(Operation operation, int errno) {
        return operation.opCode() == OpCode.BIND ? binding(operation, errno) : using(operation, errno);
    }

    private static Throwable binding(Operation operation, int errno) {
        String where = ": " + operation.argument();
        return switch (errno) {
            case Errno.EADDRINUSE -> new BindException("Address already in use" + where);
            case Errno.EADDRNOTAVAIL -> new BindException("Cannot assign requested address" + where);
            case Errno.EACCES -> new BindException("Permission denied" + where + " (ports below 1024 need privilege)");
            case Errno.EAFNOSUPPORT -> new UnsupportedAddressTypeException();
            case Errno.ENOPROTOOPT ->
                new UnsupportedOperationException("The kernel does not have an option of " + operation.secondArgument()
                        + ", which needs a newer one");
            default -> ErrnoFailures.other(operation, errno);
        };
    }

    private static Throwable using(Operation operation, int errno) {
        String what = ": " + operation.owner()
                + (operation.opCode() == OpCode.SEND_DATAGRAM && operation.argument() != null
                        ? " to " + operation.argument()
                        : "");
        return switch (errno) {
            case Errno.ECONNREFUSED -> new PortUnreachableException("Nobody receives at the port of the peer" + what);
            case Errno.EMSGSIZE ->
                new SocketException("Message too long: " + operation.length()
                        + " bytes are more than one datagram may have" + what);
            case Errno.EDESTADDRREQ, Errno.ENOTCONN -> new NotYetConnectedException();
            case Errno.EHOSTUNREACH, Errno.ENETUNREACH ->
                new NoRouteToHostException(ErrnoFailures.reason(errno) + what);
            case Errno.EAFNOSUPPORT -> new UnsupportedAddressTypeException();
            case Errno.EACCES ->
                new SocketException("Permission denied (for a broadcast address, DatagramOptions.broadcast)" + what);
            default -> ErrnoFailures.other(operation, errno);
        };
    }
}
