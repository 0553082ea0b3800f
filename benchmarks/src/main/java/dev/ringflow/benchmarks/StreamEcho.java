package dev.ringflow.benchmarks;

import dev.ringflow.RingCallback;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.net.IncomingListener;
import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.RingSocket;
import org.jspecify.annotations.Nullable;

/**
 * A connection that takes its buffers from the group of all: what is received is sent from where it lies. It is its own
 * callback for what it sends.
 */
final class StreamEcho implements IncomingListener, RingCallback<Integer> {
    private final RingSocket socket;

    private StreamEcho(final RingSocket socket) {
        this.socket = socket;
    }

    static void on(final RingSocket socket) {
        socket.receiveAll(IncomingOptions.defaults(), new StreamEcho(socket));
    }

    @Override
    public void received(final ReceivedBuffer buffer) {
        socket.sendFully(buffer, this);
    }

    @Override
    public void ended(final @Nullable Throwable failure) {
        socket.closeAsync();
    }

    @Override
    public boolean completed(final Integer bytes) {
        return true;
    }

    @Override
    public void failed(final Throwable cause) {
        socket.closeAsync();
    }
}
