package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.internal.Answer;
import dev.ringflow.internal.PullPublisher;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket on a ring: TCP, or a unix socket. Any thread may use it.
 *
 * <p>Connections are taken one at a time with {@link #acceptAsync()}, or as a stream over one multishot accept with
 * {@link #connectionsPublisher()} and {@link #connectionStream()}. Whoever gets a connection closes it.
 */
public final class RingServerSocket extends RingSocketOptions {
    /** How many connections the kernel keeps waiting, if nothing else is said. */
    public static final int DEFAULT_BACKLOG = 1024;

    private static final Answer<RingServerSocket> LISTENING = new Answer<>() {
        @Override
        protected RingServerSocket value(Operation operation, int result) {
            return new RingServerSocket(operation.ring(), operation.takeResultHandle(), (SocketAddress)
                    Objects.requireNonNull(operation.resultObject()));
        }

        @Override
        protected void discard(RingServerSocket socket) {
            socket.closeAsync();
        }
    };
    private static final Answer<RingSocket> ACCEPTED = new Answer<>() {
        @Override
        protected RingSocket value(Operation operation, int result) {
            return new RingSocket(operation.ring(), operation.takeResultHandle(), null);
        }

        @Override
        protected void discard(RingSocket socket) {
            socket.closeAsync();
        }
    };

    private final SocketAddress localAddress;

    private RingServerSocket(Ring ring, Handle handle, SocketAddress localAddress) {
        super(ring, handle, localAddress);
        this.localAddress = localAddress;
    }

    /**
     * Listens for connections; the callback form of {@link Ring#listenAsync(SocketAddress, int)}.
     *
     * @param ring the ring
     * @param address where; port 0 lets the system choose
     * @param backlog how many connections the kernel keeps waiting, at least 1
     * @param callback whom to tell
     */
    public static void listen(Ring ring, SocketAddress address, int backlog, RingCallback<RingServerSocket> callback) {
        listen(ring, address, ListenOptions.builder().backlog(backlog).build(), callback);
    }

    /**
     * Listens for connections; the callback form of {@link Ring#listenAsync(SocketAddress, ListenOptions)}.
     *
     * @param ring the ring
     * @param address where
     * @param options how the socket is made
     * @param callback whom to tell
     */
    public static void listen(
            Ring ring, SocketAddress address, ListenOptions options, RingCallback<RingServerSocket> callback) {
        LISTENING.start(
                ring.operation()
                        .opCode(OpCode.LISTEN)
                        .argument(SocketAddresses.named(address))
                        .secondArgument(Objects.requireNonNull(options, "options"))
                        .flags(options.backlog()),
                callback);
    }

    /** A listening socket that is open on the ring already; closes it if its address cannot be told. */
    static RingServerSocket received(Ring ring, Handle handle) throws IOException {
        try {
            return new RingServerSocket(ring, handle, AddressLookup.ask(ring, handle, Driver::localAddress));
        } catch (IOException | RuntimeException e) {
            ring.discard(handle);
            throw e;
        }
    }

    /**
     * Where it listens, with the port that the system chose.
     *
     * @return the address
     */
    public SocketAddress localAddress() {
        return localAddress;
    }

    /**
     * The port that it listens on.
     *
     * @return the port, or -1 if the socket is none of TCP
     */
    public int localPort() {
        return port(localAddress);
    }

    /**
     * Accepts one connection.
     *
     * @return a future of the connection; a connection that arrives after the future was cancelled is closed
     */
    public RingFuture<RingSocket> acceptAsync() {
        RingFuture<RingSocket> future = new RingFuture<>();
        accept(future);
        return future;
    }

    /**
     * The callback form of {@link #acceptAsync}.
     *
     * @param callback whom to tell
     */
    public void accept(RingCallback<RingSocket> callback) {
        ACCEPTED.start(ring.operation().opCode(OpCode.ACCEPT).handle(handle).owner(this), callback);
    }

    /**
     * A stream of connections for one consumer that asks for each; what Kotlin's {@code connections()} stands on.
     *
     * @return a stream, for the caller to close; nothing is accepted before the first connection is asked for
     */
    public ConnectionStream connectionStream() {
        return new ConnectionStream(this, handle);
    }

    /**
     * Connections as a publisher. Each subscriber has a multishot accept of his own, so that several share the
     * connections. Demand is respected: with none, the accept is called off, and connections wait in the kernel's
     * backlog. Signals come on the loop thread.
     *
     * <p>Cancelling the subscription closes connections that were accepted and not yet delivered. Closing the server
     * socket completes the stream.
     *
     * @return a publisher that may be subscribed to any number of times
     */
    public Flow.Publisher<RingSocket> connectionsPublisher() {
        return new PullPublisher<>(
                ring, toString(), whenEnded -> connectionStream().published(whenEnded));
    }

    /**
     * Closes the socket: cancels what is in flight on it, waits until the kernel has let go, and then closes. Accepted
     * connections stay open. Closing again has no effect.
     *
     * @return a future that completes when the socket is closed
     */
    @Override
    public CompletableFuture<@Nullable Void> closeAsync() {
        return super.closeAsync();
    }

    @Override
    public String toString() {
        return "RingServerSocket[" + localAddress + (isOpen() ? "" : ", closed") + "]";
    }
}
