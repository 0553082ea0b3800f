package dev.ringflow.nio;

import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A connection that is being made; a {@link StreamSocket} takes its place. Confined to the loop thread. */
final class ConnectingSocket extends SelectableSocket implements Pending {
    private final Operation operation;
    private final SocketChannel channel;

    ConnectingSocket(NioDriver driver, Operation operation) throws IOException {
        super(driver);
        this.operation = operation;
        this.channel = StreamSocket.prepared(SocketChannel.open());
        driver.opened(this);
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
        driver.closeQuietly(this);
        completions.cancelled(operation);
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
