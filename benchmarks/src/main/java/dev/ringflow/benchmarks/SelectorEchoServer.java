package dev.ringflow.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/** The JDK's Selector, as one would write it by hand: one buffer, and writing interest only where a write stops short. */
final class SelectorEchoServer implements EchoServer {
    private static final int SIZE = 4096;
    private static final int BACKLOG = 4096;

    private final Selector selector;
    private final ServerSocketChannel listener;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
    private final Consumer<SelectionKey> handle = this::handle;

    private SelectorEchoServer() throws IOException {
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    static SelectorEchoServer start() throws IOException {
        final SelectorEchoServer server = new SelectorEchoServer();
        final Thread thread = new Thread(server::run, "selector");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(handle);
            }
        } catch (final ClosedSelectorException closed) {
            return;
        } catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void handle(final SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else {
                echo(key);
            }
        } catch (final IOException e) {
            close(key);
        }
    }

    private static void close(final SelectionKey key) {
        try {
            key.channel().close();
        } catch (final IOException ignored) {
            return;
        }
    }

    private void accept() throws IOException {
        for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    private void echo(final SelectionKey key) throws IOException {
        final SocketChannel channel = (SocketChannel) key.channel();
        if (key.attachment() instanceof ByteBuffer rest) {
            channel.write(rest);
            if (rest.hasRemaining()) {
                return;
            }
            key.attach(null);
            key.interestOps(SelectionKey.OP_READ);
            return;
        }
        if (channel.read(buffer.clear()) < 0) {
            channel.close();
            return;
        }
        channel.write(buffer.flip());
        if (buffer.hasRemaining()) {
            key.attach(ByteBuffer.allocate(buffer.remaining()).put(buffer).flip());
            key.interestOps(SelectionKey.OP_WRITE);
        }
    }

    @Override
    public int port() {
        return listener.socket().getLocalPort();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        listener.close();
    }
}
