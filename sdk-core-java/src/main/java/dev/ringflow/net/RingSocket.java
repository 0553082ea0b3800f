package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.internal.Answer;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection on a ring: TCP, or of unix sockets. {@code TCP_NODELAY} is set.
 *
 * <p><b>Threads.</b> Any thread may use it. One receive and one send at a time is the rule for a stream: the order of
 * several that are in flight together is the kernel's.
 *
 * <p><b>Memory and errors</b> are as for {@link dev.ringflow.file.RingFile}.
 */
public final class RingSocket extends RingSocketReceiving {
    private static final Answer<RingSocket> CONNECTED = new Answer<>() {
        @Override
        protected RingSocket value(Operation operation, int result) {
            return new RingSocket(operation.ring(), operation.takeResultHandle(), operation.address());
        }

        @Override
        protected void discard(RingSocket socket) {
            socket.closeAsync();
        }
    };

    private volatile @Nullable SocketAddress remote;

    RingSocket(Ring ring, Handle handle, @Nullable SocketAddress remote) {
        super(ring, handle);
        this.remote = remote;
    }

    /**
     * Connects to a server; the callback form of {@link Ring#connectAsync}.
     *
     * @param ring the ring
     * @param address the server
     * @param callback whom to tell
     */
    public static void connect(Ring ring, SocketAddress address, RingCallback<RingSocket> callback) {
        CONNECTED.start(ring.operation().opCode(OpCode.CONNECT).argument(SocketAddresses.resolved(address)), callback);
    }

    /**
     * The peer's address. It is asked for when it is first wanted; from a thread other than the loop's that waits for
     * the loop.
     *
     * @return the address
     * @throws IOException if the peer has gone, or {@link java.nio.channels.ClosedChannelException} if the socket is
     *     closed, before the address was first asked for
     */
    public SocketAddress remoteAddress() throws IOException {
        SocketAddress known = remote;
        if (known == null) {
            known = AddressLookup.ask(ring, handle, Driver::remoteAddress);
            remote = known;
        }
        return known;
    }

    /**
     * The peer's port.
     *
     * @return the port, or -1 if the connection is none of TCP
     * @throws IOException as for {@link #remoteAddress()}
     */
    public int remotePort() throws IOException {
        return port(remoteAddress());
    }

    /**
     * The address on this side. Asked for as {@link #remoteAddress()} is.
     *
     * @return the address
     * @throws IOException as for {@link #remoteAddress()}
     */
    public SocketAddress localAddress() throws IOException {
        return boundAddress();
    }

    /**
     * The port on this side.
     *
     * @return the port, or -1 if the connection is none of TCP
     * @throws IOException as for {@link #remoteAddress()}
     */
    public int localPort() throws IOException {
        return port(localAddress());
    }

    /**
     * Shuts the sending side down: the peer reads the end of the stream, and can still send. See shutdown(2).
     *
     * @return a future
     */
    public RingFuture<@Nullable Void> shutdownOutputAsync() {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        shutdownOutput(future);
        return future;
    }

    /**
     * The callback form of {@link #shutdownOutputAsync}.
     *
     * @param callback whom to tell
     */
    public void shutdownOutput(RingCallback<@Nullable Void> callback) {
        Answer.DONE.start(operation(OpCode.SHUTDOWN), callback);
    }

    @Override
    public String toString() {
        SocketAddress known = remote;
        return "RingSocket[" + (known == null ? handle.value() : known) + (isOpen() ? "" : ", closed") + "]";
    }
}
