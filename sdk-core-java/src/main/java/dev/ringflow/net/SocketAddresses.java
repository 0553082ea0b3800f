package dev.ringflow.net;

import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.Objects;

/** Checks addresses before they go to a driver. */
final class SocketAddresses {
    private SocketAddresses() {}

    static InetSocketAddress resolved(InetSocketAddress address) {
        if (Objects.requireNonNull(address, "address").isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        return address;
    }
}
