package dev.ringflow.net;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.Objects;

/** Checks addresses before they go to a driver. */
final class SocketAddresses {
    private SocketAddresses() {}

    static SocketAddress resolved(SocketAddress address) {
        Objects.requireNonNull(address, "address");
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        return address;
    }
}
