package dev.ringflow.nio;

import dev.ringflow.net.ListenOptions;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.StaleSocketFile;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A listening socket and the accepts that wait for connections. Confined to the loop thread. */
final class ListeningSocket extends SelectableSocket {
    /** The most connections taken in one turn, so that a flood of them does not keep others waiting. */
    private static final int BURST = 64;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ServerSocketChannel channel;
    private final WaitQueue accepts = new WaitQueue(completions);

    private final ListenOptions options;
    private final boolean unix;

    private ListeningSocket(NioDriver driver, ServerSocketChannel channel, ListenOptions options, boolean unix) {
        super(driver);
        this.channel = channel;
        this.options = options;
        this.unix = unix;
    }

    static ListeningSocket open(NioDriver driver, Operation operation) throws IOException {
        driver.counters().systemCalls().add(3);
        ListenOptions options =
                operation.secondArgument() instanceof ListenOptions given ? given : ListenOptions.defaults();
        boolean unix = UnixChannels.is(operation.address());
        ServerSocketChannel channel = open(operation.address(), options, unix);
        try {
            channel.configureBlocking(false);
            setOptions(channel, options, unix);
            try {
                channel.bind(operation.address(), operation.flags());
            } catch (BindException taken) {
                if (!options.replacesStaleFile()
                        || !(operation.address() instanceof UnixDomainSocketAddress file)
                        || !StaleSocketFile.remove(file.getPath())) {
                    throw taken;
                }
                channel.bind(operation.address(), operation.flags());
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        return new ListeningSocket(driver, channel, options, unix);
    }

    private static ServerSocketChannel open(SocketAddress where, ListenOptions options, boolean unix)
            throws IOException {
        if (unix) {
            return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        }
        boolean wildcard = ((InetSocketAddress) where).getAddress().isAnyLocalAddress();
        if (wildcard && options.family() == StandardProtocolFamily.INET6) {
            throw new UnsupportedOperationException("Listening with IPv6 alone is not supported by the driver "
                    + NioDriverProvider.NAME + ": the JDK takes IPv4 as well");
        }
        return wildcard && options.family() == StandardProtocolFamily.INET
                ? ServerSocketChannel.open(StandardProtocolFamily.INET)
                : ServerSocketChannel.open();
    }

    /** Those that the JDK has for connections alone are set on each that is accepted. */
    private static void setOptions(ServerSocketChannel channel, ListenOptions options, boolean unix)
            throws IOException {
        try (SocketChannel connection = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open()) {
            for (var each : options.socketOptions(!unix).entrySet()) {
                if (ChannelOptions.isKnown(channel, each.getKey())
                        || !ChannelOptions.isKnown(connection, each.getKey())) {
                    ChannelOptions.set(channel, each.getKey(), each.getValue());
                }
            }
        }
    }

    void accept(Operation operation) throws IOException {
        enqueue(accepts, operation, NOTHING, SelectionKey.OP_ACCEPT);
    }

    @Override
    void ready(SelectionKey selected) {
        for (int i = 0; i < BURST; i++) {
            var first = accepts.first();
            if (first == null) {
                awaitNoMore(SelectionKey.OP_ACCEPT);
                return;
            }
            try {
                counters.systemCalls().add(1);
                SocketChannel accepted = channel.accept();
                if (accepted == null) {
                    return;
                }
                deliver(first, accepted);
            } catch (IOException | RuntimeException e) {
                accepts.remove(first);
                completions.failed(first.operation, NioFailures.of(first.operation, e));
                return;
            }
        }
    }

    /** Several that go on share the connections: whoever got one waits behind the others. */
    private void deliver(WaitQueue.Entry entry, SocketChannel connection) throws IOException {
        StreamSocket accepted = new StreamSocket(driver, prepared(connection));
        driver.opened(accepted);
        if (entry.operation.opCode() == OpCode.ACCEPT_MULTISHOT) {
            accepts.rotate();
            completions.openedOneMore(entry.operation, driver.handle(accepted));
        } else {
            accepts.remove(entry);
            completions.opened(entry.operation, driver.handle(accepted), null);
        }
    }

    private SocketChannel prepared(SocketChannel connection) throws IOException {
        try {
            connection.configureBlocking(false);
            try {
                ChannelOptions.applyKnown(connection, options, !unix);
            } catch (IOException peerHasGone) {
                // some systems refuse options then; the next operation tells
            }
            return connection;
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    SelectableChannel channel() {
        return channel;
    }
}
