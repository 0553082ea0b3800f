package dev.ringflow.net;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Checks addresses before they go to a driver. */
final class SocketAddresses {
    /** What {@code sun_path} holds in front of its last zero byte; see unix(7). */
    private static final int LONGEST_PATH = 107;

    private SocketAddresses() {}

    static SocketAddress resolved(SocketAddress address) {
        Objects.requireNonNull(address, "address");
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        return address;
    }

    /** An address that sockets here can have: resolved, and of a kind and length that the system takes. */
    static SocketAddress checked(SocketAddress address) {
        if (resolved(address) instanceof UnixDomainSocketAddress unix) {
            int bytes = unix.getPath().toString().getBytes(StandardCharsets.UTF_8).length;
            if (bytes > LONGEST_PATH) {
                throw new IllegalArgumentException("The path of a unix socket has at most " + LONGEST_PATH
                        + " bytes, this one has " + bytes + ": " + unix.getPath()
                        + ". Use a shorter one, or a relative one.");
            }
        } else if (!(address instanceof InetSocketAddress || address instanceof AbstractUnixAddress)) {
            throw new UnsupportedAddressTypeException();
        }
        return address;
    }

    /** An address that a server can have: not the unnamed one of a unix socket. */
    static SocketAddress named(SocketAddress address) {
        if (checked(address) instanceof UnixDomainSocketAddress unix
                && unix.getPath().toString().isEmpty()) {
            throw new IllegalArgumentException("A unix socket without a name can neither listen nor be connected to");
        }
        return address;
    }
}
