package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.internal.Answer;
import dev.ringflow.internal.CloseOnce;
import dev.ringflow.internal.Transfer;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection on a ring. {@code TCP_NODELAY} is set.
 *
 * <p><b>Threads.</b> Any thread may use it. One receive and one send at a time is the rule for a stream: the order of
 * several that are in flight together is the kernel's.
 *
 * <p><b>Memory and errors</b> are as for {@link dev.ringflow.file.RingFile}.
 */
public final class RingSocket implements AutoCloseable {
    private static final Answer<RingSocket> CONNECTED = new Answer<>() {
        @Override
        protected RingSocket value(Operation operation, int result) {
            return new RingSocket(
                    operation.ring(), operation.takeResultHandle(), (InetSocketAddress) operation.address());
        }

        @Override
        protected void discard(RingSocket socket) {
            socket.closeAsync();
        }
    };

    private final Ring ring;
    private final Handle handle;
    private final CloseOnce closing;
    private volatile @Nullable InetSocketAddress remote;
    private volatile @Nullable InetSocketAddress local;

    RingSocket(Ring ring, Handle handle, @Nullable InetSocketAddress remote) {
        this.ring = ring;
        this.handle = handle;
        this.remote = remote;
        this.closing = new CloseOnce(ring, handle);
    }

    /**
     * Connects to a server; the callback form of {@link Ring#connectAsync}.
     *
     * @param ring the ring
     * @param address the server
     * @param callback whom to tell
     */
    public static void connect(Ring ring, InetSocketAddress address, RingCallback<RingSocket> callback) {
        CONNECTED.start(ring.operation().opCode(OpCode.CONNECT).argument(SocketAddresses.resolved(address)), callback);
    }

    /**
     * The ring that it is open on.
     *
     * @return the ring
     */
    public Ring ring() {
        return ring;
    }

    /**
     * Whether it takes operations. A peer that has gone does not make it false: that shows in the next operation.
     *
     * @return false from the moment that closing began
     */
    public boolean isOpen() {
        return closing.isOpen();
    }

    /**
     * The peer's address. It is asked for when it is first wanted; from a thread other than the loop's that waits for
     * the loop.
     *
     * @return the address
     * @throws IOException if the peer has gone, or {@link java.nio.channels.ClosedChannelException} if the socket is
     *     closed, before the address was first asked for
     */
    public InetSocketAddress remoteAddress() throws IOException {
        InetSocketAddress known = remote;
        if (known == null) {
            known = AddressLookup.ask(ring, handle, Driver::remoteAddress);
            remote = known;
        }
        return known;
    }

    /**
     * The address on this side. Asked for as {@link #remoteAddress()} is.
     *
     * @return the address
     * @throws IOException as for {@link #remoteAddress()}
     */
    public InetSocketAddress localAddress() throws IOException {
        InetSocketAddress known = local;
        if (known == null) {
            known = AddressLookup.ask(ring, handle, Driver::localAddress);
            local = known;
        }
        return known;
    }

    /**
     * What stands for the connection in operations. For layers built on the ring: whoever submits operations of his own
     * on it keeps the rules that this class keeps for everybody else.
     *
     * @return the handle
     */
    public Handle unsafeHandle() {
        return handle;
    }

    // Receiving.

    /**
     * Receives at least 1, and up to as many bytes as remain in the buffer.
     *
     * @param buffer where to
     * @return a future of the number of bytes, -1 when the peer has shut its side down, 0 if nothing remains in the
     *     buffer
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
     */
    public RingFuture<Integer> receiveAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        receive(buffer, future);
        return future;
    }

    /**
     * Receives until nothing remains in the buffer.
     *
     * @param buffer where to
     * @return a future of the number of bytes; fails with {@link java.io.EOFException} if the peer shuts its side down
     *     before, and then the buffer's position tells what was received
     */
    public RingFuture<Integer> receiveFullyAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        receiveFully(buffer, future);
        return future;
    }

    /**
     * The callback form of {@link #receiveAsync}.
     *
     * @param buffer where to
     * @param callback whom to tell
     */
    public void receive(ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.checkWritable(buffer);
        Transfer.IN_ONCE.start(operation(OpCode.RECEIVE), buffer, callback);
    }

    /**
     * The callback form of {@link #receiveFullyAsync}.
     *
     * @param buffer where to
     * @param callback whom to tell
     */
    public void receiveFully(ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.checkWritable(buffer);
        Transfer.IN_FULLY.start(operation(OpCode.RECEIVE), buffer, callback);
    }

    /**
     * Receives into a pooled buffer.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param callback whom to tell: the number of bytes, or -1
     */
    public void receive(RingBuffer buffer, RingCallback<Integer> callback) {
        Transfer.IN_ONCE.start(operation(OpCode.RECEIVE), buffer, callback);
    }

    /**
     * Receives into a pooled buffer until nothing remains in it.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param callback whom to tell: the number of bytes
     */
    public void receiveFully(RingBuffer buffer, RingCallback<Integer> callback) {
        Transfer.IN_FULLY.start(operation(OpCode.RECEIVE), buffer, callback);
    }

    // Sending.

    /**
     * Sends up to as many bytes as remain in the buffer.
     *
     * @param buffer where from
     * @return a future of the number of bytes, at least 1 unless nothing remains
     */
    public RingFuture<Integer> sendAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        send(buffer, future);
        return future;
    }

    /**
     * Sends until nothing remains in the buffer. Two of these in flight together on one socket would mix their bytes.
     *
     * @param buffer where from
     * @return a future of the number of bytes; when it fails the buffer's position tells what was sent
     */
    public RingFuture<Integer> sendFullyAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        sendFully(buffer, future);
        return future;
    }

    /**
     * The callback form of {@link #sendAsync}.
     *
     * @param buffer where from
     * @param callback whom to tell
     */
    public void send(ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_ONCE.start(operation(OpCode.SEND), buffer, callback);
    }

    /**
     * The callback form of {@link #sendFullyAsync}.
     *
     * @param buffer where from
     * @param callback whom to tell
     */
    public void sendFully(ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_FULLY.start(operation(OpCode.SEND), buffer, callback);
    }

    /**
     * Sends up to as many bytes as remain in a pooled buffer.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param callback whom to tell: the number of bytes
     */
    public void send(RingBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_ONCE.start(operation(OpCode.SEND), buffer, callback);
    }

    /**
     * Sends all of what remains in a pooled buffer.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param callback whom to tell: the number of bytes
     */
    public void sendFully(RingBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_FULLY.start(operation(OpCode.SEND), buffer, callback);
    }

    // Ending.

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

    /**
     * Closes the connection: cancels what is in flight on it, waits until the kernel has let go, and then closes.
     * Closing again has no effect.
     *
     * @return a future that completes when the socket is closed
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        return closing.begin();
    }

    /** Does what {@link #closeAsync} does, and waits for it except on the loop thread. */
    @Override
    public void close() {
        closing.close();
    }

    @Override
    public String toString() {
        InetSocketAddress known = remote;
        return "RingSocket[" + (known == null ? handle.value() : known) + (isOpen() ? "" : ", closed") + "]";
    }

    private Operation operation(OpCode code) {
        return ring.operation().opCode(code).handle(handle).owner(this);
    }
}
