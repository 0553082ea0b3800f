package dev.ringflow.nio;

import dev.ringflow.net.ConnectOptions;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A connection that is being made; a {@link StreamSocket} takes its place. Confined to the loop thread. */
final class ConnectingSocket extends SelectableSocket implements Pending {
    private static final String FULL_QUEUE = "Resource temporarily unavailable";

    private final Operation operation;
    private final boolean unix;
    private SocketChannel channel;

    ConnectingSocket(NioDriver driver, Operation operation) throws IOException {
        super(driver);
        this.operation = operation;
        this.unix = UnixChannels.is(operation.address());
        this.channel = prepared();
    }

    /** A channel with its options, bound if that is wanted. */
    private SocketChannel prepared() throws IOException {
        ConnectOptions options =
                operation.secondArgument() instanceof ConnectOptions given ? given : ConnectOptions.defaults();
        SocketAddress local = options.localAddress();
        if (local != null) {
            UnixChannels.is(local);
        }
        SocketChannel opened = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        try {
            opened.configureBlocking(false);
            ChannelOptions.apply(opened, options, !unix);
            if (local != null) {
                bind(opened, local);
            }
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
        driver.opened(this);
        return opened;
    }

    private void bind(SocketChannel opened, SocketAddress local) throws IOException {
        try {
            opened.bind(local);
        } catch (SocketException e) {
            BindException told =
                    new BindException(e.getMessage() + ": " + local + ", to connect from to " + operation.address());
            told.initCause(e);
            throw told;
        }
    }

    void start() {
        operation.driverState(this);
        counters.systemCalls().add(2);
        try {
            if (channel.connect(operation.address())) {
                connected(null);
            } else {
                await(SelectionKey.OP_CONNECT);
            }
        } catch (IOException | RuntimeException e) {
            if (unix
                    && e instanceof SocketException
                    && String.valueOf(e.getMessage()).startsWith(FULL_QUEUE)) {
                waitForRoom();
            } else {
                failed(e);
            }
        }
    }

    /** The failure has closed the channel. */
    private void waitForRoom() {
        try {
            driver.closeQuietly(this);
            channel = prepared();
            driver.crowded().add(this);
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    @Override
    void ready(SelectionKey selected) {
        counters.systemCalls().add(1);
        try {
            if (channel.finishConnect()) {
                selected.interestOps(0);
                connected(selected);
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void connected(@Nullable SelectionKey selected) throws IOException {
        SocketAddress local = channel.getLocalAddress();
        StreamSocket stream = new StreamSocket(driver, channel);
        if (selected != null) {
            selected.attach(stream);
            stream.takeOver(selected);
        }
        driver.replaced(this, stream);
        completions.opened(operation, driver.handle(stream), local);
    }

    private void failed(Exception why) {
        driver.closeQuietly(this);
        completions.failed(operation, NioFailures.of(operation, why));
    }

    @Override
    public void cancel() {
        driver.crowded().remove(this);
        driver.closeQuietly(this);
        completions.cancelled(operation);
    }

    @Override
    SelectableChannel channel() {
        return channel;
    }
}
