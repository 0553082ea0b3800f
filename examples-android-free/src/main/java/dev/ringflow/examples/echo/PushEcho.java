package dev.ringflow.examples.echo;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.net.IncomingListener;
import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Sends back what it receives, from the very buffers that the kernel filled: {@code PushEcho [PORT]}. Connections come as
 * a publisher, bytes by a listener; nothing is copied and nothing waits.
 */
public final class PushEcho implements AutoCloseable {
    private final RingServerSocket server;

    /**
     * Begins to serve.
     *
     * @param ring the ring
     * @param address where to listen; port 0 lets the system choose
     */
    public PushEcho(Ring ring, SocketAddress address) {
        server = ring.listenAsync(address).join();
        server.connectionsPublisher().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(RingSocket socket) {
                socket.receiveAll(IncomingOptions.defaults(), new Echo(socket));
            }

            @Override
            public void onError(Throwable failure) {
                System.err.println("no more connections: " + failure.getMessage());
            }

            @Override
            public void onComplete() {}
        });
    }

    /**
     * Where it listens.
     *
     * @return the port
     */
    public int port() {
        return server.localPort();
    }

    @Override
    public void close() {
        server.close();
    }

    // snippet-begin: push
    /** One connection. All of it happens on the loop thread. */
    private static final class Echo implements IncomingListener, RingCallback<Integer> {
        private final RingSocket socket;
        private int sending;
        private boolean over;

        Echo(RingSocket socket) {
            this.socket = socket;
        }

        @Override
        public void received(ReceivedBuffer buffer) {
            sending++;
            socket.sendFully(buffer, this);
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            over = true;
            closeWhenAllIsSent();
        }

        @Override
        public boolean completed(Integer bytes) {
            sending--;
            closeWhenAllIsSent();
            return true;
        }

        @Override
        public void failed(Throwable cause) {
            sending--;
            socket.closeAsync();
        }

        private void closeWhenAllIsSent() {
            if (over && sending == 0) {
                socket.closeAsync();
            }
        }
    }

    // snippet-end: push

    /**
     * Serves until the process is ended.
     *
     * @param arguments the port, any free one if there is none
     * @throws InterruptedException if somebody interrupts it
     */
    public static void main(String... arguments) throws InterruptedException {
        int port = arguments.length == 0 ? 0 : Integer.parseInt(arguments[0]);
        try (Ring ring = Ring.open();
                PushEcho echo = new PushEcho(ring, new InetSocketAddress("127.0.0.1", port))) {
            System.out.println("listening on port " + echo.port() + " with driver " + ring.driver());
            new CountDownLatch(1).await();
        }
    }
}
