package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.internal.Answer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A socket for datagrams: UDP over IPv4 and IPv6, or of unix sockets.
 *
 * <p><b>Threads.</b> Any thread may use it, with any number of sends and receives in flight: a datagram is whole,
 * whatever else is going on. The order of several that are in flight together is the kernel's.
 *
 * <p><b>Memory and errors</b> are as for {@link dev.ringflow.file.RingFile}. What the network says of an earlier
 * datagram, such as that its port is closed, fails a later operation on a connected socket, and ends nothing.
 */
public final class RingDatagramSocket extends RingDatagramReceiving {
    private static final Answer<RingDatagramSocket> BOUND = new Answer<>() {
        @Override
        protected RingDatagramSocket value(Operation operation, int result) {
            SocketAddress local = (SocketAddress) operation.resultObject();
            return new RingDatagramSocket(operation.ring(), operation.takeResultHandle(), local);
        }

        @Override
        protected void discard(RingDatagramSocket socket) {
            socket.closeAsync();
        }
    };

    private static final Answer<@Nullable Void> CONNECTED = new Answer<>() {
        @Override
        protected @Nullable Void value(Operation operation, int result) {
            if (operation.owner() instanceof RingDatagramSocket socket) {
                socket.local = (SocketAddress) operation.resultObject();
                socket.remote = (SocketAddress) operation.argument();
            }
            return null;
        }
    };

    private volatile @Nullable SocketAddress local;
    private volatile @Nullable SocketAddress remote;

    RingDatagramSocket(Ring ring, Handle handle, @Nullable SocketAddress local) {
        super(ring, handle);
        this.local = local;
    }

    /**
     * Makes a socket; the callback form of {@link Ring#bindAsync(SocketAddress, DatagramOptions)}.
     *
     * @param ring the ring
     * @param address where
     * @param options how
     * @param callback whom to tell
     */
    public static void bind(
            Ring ring, SocketAddress address, DatagramOptions options, RingCallback<RingDatagramSocket> callback) {
        Operation bind = ring.operation().opCode(OpCode.BIND);
        BOUND.start(bind.argument(SocketAddresses.resolved(address)).secondArgument(options), callback);
    }

    /**
     * Connects the socket: it sends to this peer, and receives from it alone, until it is connected to another.
     *
     * @param peer the peer
     * @return a future
     * @throws java.nio.channels.UnresolvedAddressException if the address is not resolved
     */
    public RingFuture<@Nullable Void> connectAsync(SocketAddress peer) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        connect(peer, future);
        return future;
    }

    /**
     * The callback form of {@link #connectAsync}.
     *
     * @param peer the peer
     * @param callback whom to tell
     */
    public void connect(SocketAddress peer, RingCallback<@Nullable Void> callback) {
        CONNECTED.start(operation(OpCode.CONNECT_DATAGRAM).argument(SocketAddresses.resolved(peer)), callback);
    }

    /**
     * Undoes {@link #connectAsync}: the socket receives from anybody again, at the same port.
     *
     * @return a future
     */
    public RingFuture<@Nullable Void> disconnectAsync() {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        disconnect(future);
        return future;
    }

    /**
     * The callback form of {@link #disconnectAsync}.
     *
     * @param callback whom to tell
     */
    public void disconnect(RingCallback<@Nullable Void> callback) {
        CONNECTED.start(operation(OpCode.CONNECT_DATAGRAM), callback);
    }

    /**
     * Joins a multicast group.
     *
     * @param group the group
     * @param by the interface that it is to come by
     * @return a future; joining what is joined already fails with an {@link java.io.IOException} on Linux
     * @throws IllegalArgumentException if the group is no multicast address
     */
    public RingFuture<@Nullable Void> joinAsync(InetAddress group, NetworkInterface by) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        join(new MulticastMembership(group, by), future);
        return future;
    }

    /**
     * Joins a multicast group for what one sender sends.
     *
     * @param group the group
     * @param by the interface that it is to come by
     * @param source the sender
     * @return a future
     * @throws IllegalArgumentException if the group is no multicast address, or the source cannot be one of its
     */
    public RingFuture<@Nullable Void> joinAsync(InetAddress group, NetworkInterface by, InetAddress source) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        join(new MulticastMembership(group, by, source), future);
        return future;
    }

    /**
     * The callback form of {@link #joinAsync(InetAddress, NetworkInterface)}.
     *
     * @param membership what to receive
     * @param callback whom to tell
     */
    public void join(MulticastMembership membership, RingCallback<@Nullable Void> callback) {
        Answer.DONE.start(operation(OpCode.JOIN_GROUP).argument(membership), callback);
    }

    /**
     * Leaves a multicast group.
     *
     * @param membership what was joined
     * @return a future; leaving what was not joined fails with an {@link java.io.IOException}
     */
    public RingFuture<@Nullable Void> leaveAsync(MulticastMembership membership) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        leave(membership, future);
        return future;
    }

    /**
     * The callback form of {@link #leaveAsync}.
     *
     * @param membership what was joined
     * @param callback whom to tell
     */
    public void leave(MulticastMembership membership, RingCallback<@Nullable Void> callback) {
        Answer.DONE.start(operation(OpCode.LEAVE_GROUP).argument(membership), callback);
    }

    /**
     * The address that it is bound to. Connecting may make it more precise.
     *
     * @return the address, with the port that the system chose
     */
    public @Nullable SocketAddress localAddress() {
        return local;
    }

    /**
     * The port that it is bound to.
     *
     * @return the port, or -1 if the socket is none of UDP
     */
    public int localPort() {
        SocketAddress known = local;
        return known == null ? -1 : port(known);
    }

    /**
     * The peer that it is connected to.
     *
     * @return the address, or null if it is not connected
     */
    public @Nullable SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public String toString() {
        SocketAddress peer = remote;
        return "RingDatagramSocket[" + local + (peer == null ? "" : " with " + peer) + (isOpen() ? "" : ", closed")
                + "]";
    }
}
