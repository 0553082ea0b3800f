package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.internal.Transfer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sending datagrams. {@link RingDatagramSocket} is the class to use. */
public abstract class RingDatagramSending extends RingSocketOptions {
    RingDatagramSending(Ring ring, Handle handle) {
        super(ring, handle, null);
    }

    /**
     * Sends what remains in the buffer, be it nothing, as one datagram to the peer that the socket is connected to.
     *
     * @param buffer where from; its position moves behind the bytes. A direct one is used as it is, a heap buffer
     *     copied
     * @return a future of the number of bytes: all that remained. Fails with {@link java.net.SocketException} if that
     *     is more than a datagram may have, with {@link java.net.PortUnreachableException} if an earlier datagram met a
     *     closed port, and with {@link java.nio.channels.NotYetConnectedException} if the socket is not connected
     */
    public RingFuture<Integer> sendAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        send(buffer, future);
        return future;
    }

    /**
     * Sends what remains in the buffer, be it nothing, as one datagram.
     *
     * @param buffer where from; its position moves behind the bytes. A direct one is used as it is, a heap buffer
     *     copied
     * @param address the receiver; of a connected socket its peer (other receivers are the kernel's choice on Linux,
     *     and {@link java.nio.channels.AlreadyConnectedException} of the driver {@code nio})
     * @return a future of the number of bytes: all that remained. Fails as {@link #sendAsync(ByteBuffer)} does
     * @throws java.nio.channels.UnresolvedAddressException if the address is not resolved
     */
    public RingFuture<Integer> sendAsync(ByteBuffer buffer, SocketAddress address) {
        RingFuture<Integer> future = new RingFuture<>();
        send(buffer, address, future);
        return future;
    }

    /**
     * Sends what remains in the buffer with settings of its own, as one datagram or as several of
     * {@link DatagramSettings#segmentSize()} bytes.
     *
     * @param buffer where from; its position moves behind the bytes. A direct one is used as it is, a heap buffer
     *     copied
     * @param address the receiver, or null for the peer that the socket is connected to
     * @param settings what is different; the driver {@code nio} fails with {@link UnsupportedOperationException}
     *     unless it is nothing
     * @return a future of the number of bytes: all that remained. Fails as {@link #sendAsync(ByteBuffer)} does
     * @throws java.nio.channels.UnresolvedAddressException if the address is not resolved
     */
    public RingFuture<Integer> sendAsync(
            ByteBuffer buffer, @Nullable SocketAddress address, DatagramSettings settings) {
        RingFuture<Integer> future = new RingFuture<>();
        send(buffer, address, settings, future);
        return future;
    }

    /**
     * The callback form of {@link #sendAsync(ByteBuffer)}.
     *
     * @param buffer where from
     * @param callback whom to tell
     */
    public void send(ByteBuffer buffer, RingCallback<Integer> callback) {
        start(operation(OpCode.SEND_DATAGRAM), buffer, callback);
    }

    /**
     * The callback form of {@link #sendAsync(ByteBuffer, SocketAddress)}. It allocates nothing for an address that was
     * sent to lately, if it is the same object, such as {@link DatagramInfo#sender()}.
     *
     * @param buffer where from
     * @param address the receiver
     * @param callback whom to tell
     */
    public void send(ByteBuffer buffer, SocketAddress address, RingCallback<Integer> callback) {
        start(to(address), buffer, callback);
    }

    /**
     * The callback form of {@link #sendAsync(ByteBuffer, SocketAddress, DatagramSettings)}.
     *
     * @param buffer where from
     * @param address the receiver, or null for the peer that the socket is connected to
     * @param settings what is different
     * @param callback whom to tell
     */
    public void send(
            ByteBuffer buffer,
            @Nullable SocketAddress address,
            DatagramSettings settings,
            RingCallback<Integer> callback) {
        start(with(address, settings), buffer, callback);
    }

    /**
     * Sends what remains in a pooled buffer to the peer that the socket is connected to.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param callback whom to tell: the number of bytes
     */
    public void send(RingBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_ONCE.start(operation(OpCode.SEND_DATAGRAM), buffer, callback);
    }

    /**
     * Sends what remains in a pooled buffer.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param address the receiver
     * @param callback whom to tell: the number of bytes
     */
    public void send(RingBuffer buffer, SocketAddress address, RingCallback<Integer> callback) {
        Transfer.OUT_ONCE.start(to(address), buffer, callback);
    }

    /**
     * Sends what remains in a pooled buffer with settings of its own.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param address the receiver, or null for the peer that the socket is connected to
     * @param settings what is different
     * @param callback whom to tell: the number of bytes
     */
    public void send(
            RingBuffer buffer,
            @Nullable SocketAddress address,
            DatagramSettings settings,
            RingCallback<Integer> callback) {
        Transfer.OUT_ONCE.start(with(address, settings), buffer, callback);
    }

    private Operation to(SocketAddress address) {
        return operation(OpCode.SEND_DATAGRAM).argument(SocketAddresses.resolved(address));
    }

    private Operation with(@Nullable SocketAddress address, DatagramSettings settings) {
        Operation send = address == null ? operation(OpCode.SEND_DATAGRAM) : to(address);
        return settings.isNone() ? send : send.secondArgument(settings);
    }

    /** A datagram goes whole or not at all, so a heap buffer is copied whole. */
    private static void start(Operation send, ByteBuffer buffer, RingCallback<Integer> callback) {
        if (buffer.isDirect()) {
            Transfer.OUT_ONCE.start(send, buffer, callback);
        } else {
            Transfer.OUT_ONCE.prepareWhole(send, buffer, callback);
            callback.submitted(send.ring(), send, send.activation());
            send.ring().submit(send);
        }
    }
}
