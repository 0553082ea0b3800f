package dev.ringflow.nio;

import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * A TCP connection. What can be done at once is; the rest waits in two queues, each served in order. Confined to the
 * loop thread.
 */
final class StreamSocket extends SelectableSocket {
    private final SocketChannel channel;
    private final WaitQueue receives = new WaitQueue(completions);
    private final WaitQueue sends = new WaitQueue(completions);

    StreamSocket(NioDriver driver, SocketChannel channel) {
        super(driver);
        this.channel = channel;
    }

    /** Makes a channel ready for {@link StreamSocket}; closes it if that fails. */
    static SocketChannel prepared(SocketChannel channel) throws IOException {
        try {
            channel.configureBlocking(false);
            setNoDelay(channel);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void setNoDelay(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException peerHasGone) {
            // some systems refuse options then; the next operation tells
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
    SocketAddress remoteAddress() throws IOException {
        return channel.getRemoteAddress();
    }

    // Receiving.

    void receive(Operation operation) throws IOException {
        ByteBuffer memory = OperationMemory.of(operation);
        if (!memory.hasRemaining()) {
            completions.done(operation, 0);
        } else if (awaits(SelectionKey.OP_READ) || !received(operation, memory)) {
            enqueue(receives, operation, memory, SelectionKey.OP_READ);
        }
    }

    /** False if there is nothing to receive now. */
    private boolean received(Operation operation, ByteBuffer memory) throws IOException {
        counters.systemCalls().add(1);
        int bytes = channel.read(memory);
        if (bytes == 0) {
            return false;
        }
        completions.done(operation, Math.max(0, bytes));
        return true;
    }

    /** The interest stays when the queue runs empty, since most receivers ask again. */
    private void readable() {
        if (receives.isEmpty()) {
            awaitNoMore(SelectionKey.OP_READ);
        }
        for (var first = receives.first(); first != null; first = receives.first()) {
            try {
                if (!received(first.operation, first.memory)) {
                    return;
                }
            } catch (IOException | RuntimeException e) {
                completions.failed(first.operation, NioFailures.of(first.operation, e));
            }
            receives.remove(first);
        }
    }

    // Sending.

    void send(Operation operation) throws IOException {
        ByteBuffer memory = OperationMemory.of(operation);
        if (!sends.isEmpty() || !sent(operation, memory)) {
            enqueue(sends, operation, memory, SelectionKey.OP_WRITE);
        }
    }

    private boolean sent(Operation operation, ByteBuffer memory) throws IOException {
        counters.systemCalls().add(1);
        boolean nothing = !memory.hasRemaining();
        int bytes = channel.write(memory);
        if (bytes == 0 && !nothing) {
            return false;
        }
        completions.done(operation, bytes);
        return true;
    }

    private void writable() {
        for (var first = sends.first(); first != null; first = sends.first()) {
            try {
                if (!sent(first.operation, first.memory)) {
                    return;
                }
            } catch (IOException | RuntimeException e) {
                completions.failed(first.operation, NioFailures.of(first.operation, e));
            }
            sends.remove(first);
        }
        awaitNoMore(SelectionKey.OP_WRITE);
    }

    /** Sends that wait fail, as those do that come later. */
    void shutdownOutput(Operation operation) throws IOException {
        counters.systemCalls().add(1);
        channel.shutdownOutput();
        for (var first = sends.first(); first != null; first = sends.first()) {
            sends.remove(first);
            completions.failed(first.operation, NioFailures.of(first.operation, new SocketException("Broken pipe")));
        }
        awaitNoMore(SelectionKey.OP_WRITE);
        completions.done(operation, 0);
    }

    @Override
    void ready(SelectionKey selected) {
        int ops = selected.readyOps();
        if ((ops & SelectionKey.OP_READ) != 0) {
            readable();
        }
        if ((ops & SelectionKey.OP_WRITE) != 0) {
            writable();
        }
    }

    @Override
    public String toString() {
        return channel.toString();
    }
}
