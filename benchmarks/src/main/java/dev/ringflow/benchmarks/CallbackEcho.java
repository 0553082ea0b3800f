package dev.ringflow.benchmarks;

import dev.ringflow.RingCallback;
import dev.ringflow.net.RingSocket;
import java.nio.ByteBuffer;

/** A connection with a buffer of its own: receive, send, receive. It is its own callback for what it receives. */
final class CallbackEcho implements RingCallback<Integer> {
    private static final int SIZE = 4096;

    private final RingSocket socket;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
    private final RingCallback<Integer> sent = new RingCallback<>() {
        @Override
        public boolean completed(final Integer bytes) {
            receive();
            return true;
        }

        @Override
        public void failed(final Throwable cause) {
            socket.closeAsync();
        }
    };

    private CallbackEcho(final RingSocket socket) {
        this.socket = socket;
    }

    static void on(final RingSocket socket) {
        new CallbackEcho(socket).receive();
    }

    private void receive() {
        socket.receive(buffer.clear(), this);
    }

    @Override
    public boolean completed(final Integer bytes) {
        if (bytes < 0) {
            socket.closeAsync();
        } else {
            socket.sendFully(buffer.flip(), sent);
        }
        return true;
    }

    @Override
    public void failed(final Throwable cause) {
        socket.closeAsync();
    }
}
