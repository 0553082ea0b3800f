package dev.ringflow.nio;

import dev.ringflow.net.DatagramOptions;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** Makes the channels of {@link DatagramChannelSocket}. */
final class DatagramChannels {
    private DatagramChannels() {}

    /** A bound channel that does not block, with all options that a JDK has. */
    static DatagramChannel open(Operation operation) throws IOException {
        DatagramOptions options =
                operation.secondArgument() instanceof DatagramOptions given ? given : DatagramOptions.defaults();
        SocketAddress address = operation.address();
        if (!(address instanceof InetSocketAddress where)) {
            throw unsupported("datagrams of unix sockets");
        }
        refuse(options);
        StandardProtocolFamily family = family(options, where);
        DatagramChannel channel = family == null ? DatagramChannel.open() : DatagramChannel.open(family);
        try {
            channel.configureBlocking(false);
            set(channel, options);
            boolean any = where.getAddress().isAnyLocalAddress();
            channel.bind(any ? new InetSocketAddress(where.getPort()) : where);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** As the other drivers choose; null for the JDK's own choice, which takes both. */
    private static @Nullable StandardProtocolFamily family(DatagramOptions options, InetSocketAddress where) {
        if (options.family() != null) {
            return options.family();
        }
        boolean inet4 = where.getAddress() instanceof Inet4Address
                && !where.getAddress().isAnyLocalAddress();
        return inet4 ? StandardProtocolFamily.INET : null;
    }

    private static void refuse(DatagramOptions options) {
        if (!options.details().isEmpty()) {
            throw unsupported("details of datagrams: " + options.details());
        } else if (options.segmentSize() > 0) {
            throw unsupported("segmentation of datagrams (segmentSize)");
        } else if (options.coalescing()) {
            throw unsupported("coalescing of datagrams");
        } else if (options.hopLimit() >= 0) {
            throw unsupported("a hop limit of datagrams to single receivers");
        }
    }

    static UnsupportedOperationException unsupported(String what) {
        return new UnsupportedOperationException("Not supported by the driver " + NioDriverProvider.NAME + ": " + what);
    }

    private static void set(DatagramChannel channel, DatagramOptions options) throws IOException {
        set(channel, StandardSocketOptions.SO_REUSEADDR, options.reuseAddress());
        set(channel, StandardSocketOptions.SO_REUSEPORT, options.reusePort());
        set(channel, StandardSocketOptions.SO_BROADCAST, options.broadcast());
        if (options.receiveBuffer() > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBuffer());
        }
        if (options.sendBuffer() > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBuffer());
        }
        if (options.trafficClass() >= 0) {
            channel.setOption(StandardSocketOptions.IP_TOS, options.trafficClass());
        }
        if (options.multicastInterface() != null) {
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, options.multicastInterface());
        }
        if (options.multicastHopLimit() >= 0) {
            channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, options.multicastHopLimit());
        }
        if (!options.multicastLoopback()) {
            channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
        }
    }

    private static void set(DatagramChannel channel, SocketOption<Boolean> option, boolean value) throws IOException {
        if (value) {
            channel.setOption(option, true);
        }
    }
}
