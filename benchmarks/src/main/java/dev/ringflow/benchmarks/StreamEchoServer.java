package dev.ringflow.benchmarks;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.net.IncomingListener;
import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** RingFlow with a group of buffers for all connections: what is received is sent from where it lies. */
final class StreamEchoServer implements EchoServer {
    private static final int BACKLOG = 4096;

    private final Ring ring;
    private final RingServerSocket server;

    StreamEchoServer(final Ring ring) {
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
            socket.receiveAll(IncomingOptions.defaults(), new Connection(socket));
        }

        @Override
        public void onError(final Throwable failure) {
            failure.printStackTrace();
        }

        @Override
        public void onComplete() {}
    }

    /** One of them; its own callback for what it sends. */
    private static final class Connection implements IncomingListener, RingCallback<Integer> {
        private final RingSocket socket;

        Connection(final RingSocket socket) {
            this.socket = socket;
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

    @Override
    public int port() {
        return server.localPort();
    }

    @Override
    public long systemCalls() {
        return ring.metrics().systemCalls();
    }

    @Override
    public void close() {
        ring.close();
    }
}
