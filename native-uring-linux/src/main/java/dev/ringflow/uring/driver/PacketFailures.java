package dev.ringflow.uring.driver;

import dev.ringflow.RingException;
import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Errno;
import java.io.IOException;
import java.net.BindException;

/** Why a socket for packets could not be had. */
final class PacketFailures {
    private PacketFailures() {}

    static IOException of(Operation operation, int errno) {
        if (!(operation.argument() instanceof PacketEndpoint endpoint)) {
            return ErrnoFailures.other(operation, errno);
        }
        return switch (errno) {
            case Errno.EADDRINUSE -> new BindException("Address already in use: " + endpoint);
            case Errno.EADDRNOTAVAIL -> new BindException("Cannot assign requested address: " + endpoint);
            case Errno.EACCES ->
                endpoint.kind() == PacketEndpoint.Kind.UDP
                        ? new BindException("Permission denied: " + endpoint + " (ports below 1024 need privilege)")
                        : failure(endpoint, errno);
            default -> failure(endpoint, errno);
        };
    }

    private static RingException failure(PacketEndpoint endpoint, int errno) {
        return new RingException(
                "open packets of " + endpoint,
                errno,
                Errno.name(errno),
                ErrnoFailures.reason(errno),
                advice(endpoint, errno));
    }

    private static String advice(PacketEndpoint endpoint, int errno) {
        return switch (errno) {
            case Errno.EPERM, Errno.EACCES ->
                endpoint.namespace() != null
                        ? "Another network namespace needs CAP_SYS_ADMIN, raw packets there CAP_NET_RAW: run as root."
                        : "Raw packets need CAP_NET_RAW: run as root, or let the program that starts the JVM give it "
                                + "(AmbientCapabilities of systemd, --cap-add NET_RAW of containers), or use UDP.";
            case Errno.ENODEV, Errno.ENXIO ->
                "There is no interface called " + endpoint.networkInterface()
                        + ": `ip link` lists those that there are.";
            case Errno.ENOENT -> "There is no network namespace " + endpoint.namespace() + ": `ip netns` lists them.";
            case Errno.EAFNOSUPPORT, Errno.EPROTONOSUPPORT -> "This kernel has no such sockets.";
            case Errno.ENOPROTOOPT ->
                "This kernel cannot leave its own packets out (Linux 4.20 does): ask for them withOutgoing().";
            default -> "";
        };
    }
}
