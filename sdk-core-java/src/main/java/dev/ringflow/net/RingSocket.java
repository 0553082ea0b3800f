package dev.ringflow.net;

import dev.ringflow.OpenDescriptor;
import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.internal.Answer;
import dev.ringflow.internal.Piping;
import dev.ringflow.internal.Transfer;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A connection on a ring: TCP, or of unix sockets, by path ({@link java.net.UnixDomainSocketAddress}) or abstract name
 * ({@link AbstractUnixAddress}). {@code TCP_NODELAY} is set unless {@link ConnectOptions} or {@link ListenOptions} say
 * otherwise. A connection that waits for bytes holds no memory but the buffer that it was given to receive into.
 *
 * <p><b>Threads.</b> Any thread may use it. Of receives one at a time is the rule for a stream, since the order of several
 * that are in flight together is the kernel's; so it is for {@code send}. Calls of {@code sendFully} that overlap go out one
 * after the other, each whole. {@link #shutdownOutputAsync} does not wait for those in line.
 *
 * <p><b>Memory and errors</b> are as for {@link dev.ringflow.file.RingFile}.
 */
public final class RingSocket extends RingSocketReceiving {
    /** The most open files that can be sent or received at once. */
    public static final int MOST_DESCRIPTORS = 253;

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

    private static final int SENDING_SIDE = 0;
    private static final int RECEIVING_SIDE = 1;

    private volatile @Nullable SocketAddress remote;

    RingSocket(Ring ring, Handle handle, @Nullable SocketAddress remote) {
        super(ring, handle);
        this.remote = remote;
    }

    /**
     * Connects to a server; the callback form of {@link Ring#connectAsync(SocketAddress)}.
     *
     * @param ring the ring
     * @param address the server
     * @param callback whom to tell
     */
    public static void connect(Ring ring, SocketAddress address, RingCallback<RingSocket> callback) {
        connect(ring, address, ConnectOptions.defaults(), callback);
    }

    /**
     * Connects to a server; the callback form of {@link Ring#connectAsync(SocketAddress, ConnectOptions)}.
     *
     * @param ring the ring
     * @param address the server
     * @param options how the connection is made
     * @param callback whom to tell
     */
    public static void connect(
            Ring ring, SocketAddress address, ConnectOptions options, RingCallback<RingSocket> callback) {
        CONNECTED.start(
                ring.operation()
                        .opCode(OpCode.CONNECT)
                        .argument(SocketAddresses.named(address))
                        .secondArgument(Objects.requireNonNull(options, "options"))
                        .timeoutNanos(options.timeoutNanos()),
                callback);
    }

    /**
     * The peer's address. It is asked for when it is first wanted; from a thread other than the loop's that waits for
     * the loop.
     *
     * @return the address; a {@link java.net.UnixDomainSocketAddress} with an empty path for a unix socket without a name,
     *     as clients are
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
     * @return the address; a {@link java.net.UnixDomainSocketAddress} with an empty path for a unix socket without a name
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

    // Ending one side, or both at once.

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
        Answer.DONE.start(operation(OpCode.SHUTDOWN).flags(SENDING_SIDE), callback);
    }

    /**
     * Shuts the receiving side down: a receive that waits tells the end of the stream, and so do later ones, and sending
     * goes on. A peer of a unix socket can send no more; one of TCP is not told, and whether what it still sends can be
     * received is the system's affair. See shutdown(2).
     *
     * @return a future
     */
    public RingFuture<@Nullable Void> shutdownInputAsync() {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        shutdownInput(future);
        return future;
    }

    /**
     * The callback form of {@link #shutdownInputAsync}.
     *
     * @param callback whom to tell
     */
    public void shutdownInput(RingCallback<@Nullable Void> callback) {
        Answer.DONE.start(operation(OpCode.SHUTDOWN).flags(RECEIVING_SIDE), callback);
    }

    /**
     * Closes the connection without any courtesy: what was not sent yet is thrown away, and a peer of TCP gets a reset
     * instead of the end of the stream ({@code SO_LINGER} of 0, socket(7)). A peer of a unix socket reads the end. What is
     * in flight is cancelled as by {@link #closeAsync()}. Without effect once the socket is closing.
     *
     * @return a future that completes when the socket is closed
     */
    public CompletableFuture<@Nullable Void> abortAsync() {
        if (!isOpen()) {
            return closeAsync();
        }
        CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
        setOptionAsync(StandardSocketOptions.SO_LINGER, 0)
                .handle((set, refused) -> closeAsync())
                .thenCompose(closing -> closing)
                .whenComplete((nothing, failure) -> {
                    if (failure == null) {
                        closed.complete(null);
                    } else {
                        closed.completeExceptionally(failure);
                    }
                });
        return closed;
    }

    // Other connections and rings.

    /**
     * Sends on all that comes in over this connection, until the peer has shut its sending side down, which is passed on to
     * the target: one direction of a proxy. The bytes do not pass through the memory of this process where the kernel can do
     * that (splice(2)); otherwise, as by the driver nio, through a buffer. While nothing comes in, neither a pipe nor a
     * buffer is held, except by the driver nio.
     *
     * <p>It has the target's sending side to itself, as a {@code sendFully} that lasts. Cancelling it, or closing either
     * connection, ends it; bytes on their way are lost then, and if there were any the target's stream is cut.
     *
     * @param target another connection on the same ring
     * @return a future of the number of bytes that reached the target
     * @throws IllegalArgumentException if the target is on another ring
     */
    public RingFuture<Long> pipeToAsync(RingSocket target) {
        RingFuture<Long> future = new RingFuture<>();
        pipeTo(target, future);
        return future;
    }

    /**
     * The callback form of {@link #pipeToAsync}.
     *
     * @param target another connection on the same ring
     * @param callback whom to tell
     */
    public void pipeTo(RingSocket target, RingCallback<Long> callback) {
        if (target.ring != ring) {
            throw new IllegalArgumentException("The target is on " + target.ring + ", and this connection on " + ring);
        }
        Operation operation = ring.operation();
        int activation = operation.activation();
        target.whenClosed().whenComplete((closed, failure) -> ring.cancel(operation, activation));
        new Piping(handle, this, target.handle, target, callback).start(operation, true);
    }

    /**
     * Takes the connection to another ring of the same driver, where it lives on as a new object. This one is closed from
     * then on, and the connection is not: the peer notices nothing. Nothing may be in flight.
     *
     * @param other another ring
     * @return a future of the connection there, which completes on that ring's loop thread. Fails with
     *     {@link IllegalStateException} if something is in flight, and then all is as it was; with
     *     {@link java.nio.channels.ClosedChannelException} if this socket is closed; and with
     *     {@link dev.ringflow.RingClosedException} if one of the rings is, which closes the connection. A connection that
     *     arrives after the future was cancelled is closed
     * @throws IllegalArgumentException if the rings have different drivers
     */
    public RingFuture<RingSocket> moveToAsync(Ring other) {
        RingFuture<RingSocket> future = new RingFuture<>();
        moveTo(other, future);
        return future;
    }

    /**
     * The callback form of {@link #moveToAsync}.
     *
     * @param other another ring
     * @param callback whom to tell, on the other ring's loop thread; of a failure, on either
     */
    public void moveTo(Ring other, RingCallback<RingSocket> callback) {
        if (!other.driver().equals(ring.driver())) {
            throw new IllegalArgumentException("A connection of the driver " + ring.driver()
                    + " cannot move to a ring of the driver " + other.driver());
        }
        new SocketMove(this, remote, other, callback).start();
    }

    // Unix sockets alone.

    /**
     * Who is at the other side of a unix socket: {@link RingSocketOption#SO_PEERCRED}.
     *
     * @return a future; fails with {@link UnsupportedOperationException} if this is no unix socket
     */
    public RingFuture<PeerCredentials> peerCredentialsAsync() {
        return getOptionAsync(RingSocketOption.SO_PEERCRED);
    }

    /**
     * Sends up to as many bytes as remain in the buffer, and open files with the first of them; see {@code SCM_RIGHTS} in
     * unix(7). The receiver gets open files of his own; those here stay open, and may be closed from the same thread
     * as soon as this method has returned. Not by the driver nio.
     *
     * @param buffer where from; at least 1 byte must remain
     * @param descriptors 1 to {@value #MOST_DESCRIPTORS} open files and sockets of the same ring
     * @return a future of the number of bytes, at least 1: the open files have gone with them. Fails with
     *     {@link UnsupportedOperationException} on the driver nio, and for files that have no descriptor of the process
     *     ({@link dev.ringflow.file.RingFile#installAsync} makes one); with
     *     {@link java.nio.channels.ClosedChannelException} if one of them is closed
     * @throws IllegalArgumentException if nothing remains in the buffer, there are no descriptors or too many, or one is of
     *     another ring
     */
    public RingFuture<Integer> sendDescriptorsAsync(ByteBuffer buffer, List<? extends OpenDescriptor> descriptors) {
        RingFuture<Integer> future = new RingFuture<>();
        sendDescriptors(buffer, descriptors, future);
        return future;
    }

    /**
     * The callback form of {@link #sendDescriptorsAsync}.
     *
     * @param buffer where from; at least 1 byte must remain
     * @param descriptors 1 to {@value #MOST_DESCRIPTORS} open files and sockets of the same ring
     * @param callback whom to tell
     */
    public void sendDescriptors(
            ByteBuffer buffer, List<? extends OpenDescriptor> descriptors, RingCallback<Integer> callback) {
        requireCount(descriptors.size());
        requireRoom(buffer);
        Handle[] handles = new Handle[descriptors.size()];
        for (int i = 0; i < handles.length; i++) {
            OpenDescriptor each = descriptors.get(i);
            if (each.ring() != ring) {
                throw new IllegalArgumentException(each + " is of " + each.ring() + ", and not of " + ring);
            }
            handles[i] = each.unsafeHandle();
        }
        Transfer.OUT_ONCE.start(operation(OpCode.SEND_DESCRIPTORS).argument(handles), buffer, callback);
    }

    /**
     * Receives at least 1, and up to as many bytes as remain in the buffer, and the open files that came with them; see
     * {@code SCM_RIGHTS} in unix(7). The other ways to receive close such files unseen. Not by the driver nio.
     *
     * @param buffer where to; at least 1 byte must remain
     * @param most how many open files to take, 1 to {@value #MOST_DESCRIPTORS}; the system closes what is more, which
     *     {@link ReceivedDescriptors#isTruncated()} tells
     * @return a future of what came; the caller closes it, which closes what he did not take. Fails with
     *     {@link UnsupportedOperationException} on the driver nio
     * @throws IllegalArgumentException if nothing remains in the buffer, or {@code most} is out of range
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
     */
    public RingFuture<ReceivedDescriptors> receiveDescriptorsAsync(ByteBuffer buffer, int most) {
        RingFuture<ReceivedDescriptors> future = new RingFuture<>();
        receiveDescriptors(buffer, most, future);
        return future;
    }

    /**
     * The callback form of {@link #receiveDescriptorsAsync}.
     *
     * @param buffer where to; at least 1 byte must remain
     * @param most how many open files to take, 1 to {@value #MOST_DESCRIPTORS}
     * @param callback whom to tell; what it does not take is closed
     */
    public void receiveDescriptors(ByteBuffer buffer, int most, RingCallback<ReceivedDescriptors> callback) {
        requireCount(most);
        Transfer.checkWritable(buffer);
        requireRoom(buffer);
        Objects.requireNonNull(callback, "callback");
        Transfer.IN_ONCE.start(
                operation(OpCode.RECEIVE_DESCRIPTORS).flags(most), buffer, new DescriptorsReceived(callback));
    }

    private static void requireCount(int descriptors) {
        if (descriptors < 1 || descriptors > MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(
                    "1 to " + MOST_DESCRIPTORS + " descriptors can go at once, got " + descriptors);
        }
    }

    private static void requireRoom(ByteBuffer buffer) {
        if (!buffer.hasRemaining()) {
            throw new IllegalArgumentException("Descriptors travel with bytes, and nothing remains in the buffer");
        }
    }

    @Override
    public String toString() {
        SocketAddress known = remote;
        return "RingSocket[" + (known == null ? handle.value() : known) + (isOpen() ? "" : ", closed") + "]";
    }
}
