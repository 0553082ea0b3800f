package dev.ringflow.benchmarks;

import dev.ringflow.Ring;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** RingFlow from Java: takes all connections that come, and leaves each to a way of sending back. */
final class RingEchoServer implements EchoServer {
    private static final int BACKLOG = 4096;

    private final Ring ring;
    private final RingServerSocket server;

    /**
     * Listens.
     *
     * @param ring to be closed with the server
     * @param echo what is done with each connection, on the ring's thread
     */
    RingEchoServer(final Ring ring, final Consumer<RingSocket> echo) {
        this.ring = ring;
        server = ring.listenAsync(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG)
                .join();
        server.connectionsPublisher().subscribe(new Connections(echo));
    }

    private static final class Connections implements Flow.Subscriber<RingSocket> {
        private final Consumer<RingSocket> echo;

        Connections(final Consumer<RingSocket> echo) {
            this.echo = echo;
        }

        @Override
        public void onSubscribe(final Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(final RingSocket socket) {
            echo.accept(socket);
        }

        @Override
        public void onError(final Throwable failure) {
            failure.printStackTrace();
        }

        @Override
        public void onComplete() {}
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
