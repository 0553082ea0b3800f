package dev.ringflow.benchmarks;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** RingFlow with a buffer for each connection: receive, send, receive. */
final class CallbackEchoServer implements EchoServer {
    private static final int SIZE = 4096;
    private static final int BACKLOG = 4096;

    private final Ring ring;
    private final RingServerSocket server;

    CallbackEchoServer(final Ring ring) {
        this.ring = ring;
        server = ring.listenAsync(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG)
                .join();
        server.connectionsPublisher().subscribe(new Connections());
    }

    /** Takes all that come. */
    private static final class Connections implements Flow.Subscriber<RingSocket> {
        @Override
        public void onSubscribe(final Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(final RingSocket socket) {
            new Connection(socket).receive();
        }

        @Override
        public void onError(final Throwable failure) {
            failure.printStackTrace();
        }

        @Override
        public void onComplete() {}
    }

    /** One of them; its own callback for what it receives. */
    private static final class Connection implements RingCallback<Integer> {
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

        Connection(final RingSocket socket) {
            this.socket = socket;
        }

        void receive() {
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

    @Override
    public int port() {
        return server.localPort();
    }

    @Override
    public long systemCalls() {
        return ring.capabilities().driver().equals("uring") ? ring.metrics().systemCalls() : -1;
    }

    @Override
    public void close() {
        ring.close();
    }
}
