package dev.ringflow.nio;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.SocketAddress;
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

    private ListeningSocket(NioDriver driver, ServerSocketChannel channel) {
        super(driver);
        this.channel = channel;
    }

    static ListeningSocket open(NioDriver driver, Operation operation) throws IOException {
        driver.counters().systemCalls().add(3);
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.bind(operation.address(), operation.flags());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        return new ListeningSocket(driver, channel);
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
        StreamSocket accepted = new StreamSocket(driver, StreamSocket.prepared(connection));
        driver.opened(accepted);
        if (entry.operation.opCode() == OpCode.ACCEPT_MULTISHOT) {
            accepts.rotate();
            completions.openedOneMore(entry.operation, driver.handle(accepted));
        } else {
            accepts.remove(entry);
            completions.opened(entry.operation, driver.handle(accepted), null);
        }
    }

    @Override
    SelectableChannel channel() {
        return channel;
    }

    @Override
    SocketAddress localAddress() throws IOException {
        return channel.getLocalAddress();
    }

    @Override
    public String toString() {
        return channel.toString();
    }
}
