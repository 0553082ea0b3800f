package dev.ringflow.nio;

import dev.ringflow.net.AbstractUnixAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** What is different about unix sockets. */
final class UnixChannels {
    private UnixChannels() {}

    /** Whether it is the address of a unix socket. */
    static boolean is(SocketAddress address) {
        if (address instanceof AbstractUnixAddress) {
            throw new UnsupportedOperationException("Abstract names of unix sockets, such as " + address
                    + ", are not supported by the driver " + NioDriverProvider.NAME + ": use a path");
        }
        return !(address instanceof InetSocketAddress);
    }
}
