package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.internal.Transfer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** Receiving datagrams. {@link RingDatagramSocket} is the class to use. */
public abstract class RingDatagramReceiving extends RingDatagramSending {
    final DatagramPeers peers = new DatagramPeers();

    RingDatagramReceiving(Ring ring, Handle handle) {
        super(ring, handle);
    }

    /**
     * Receives one datagram. An empty one is a datagram like any other; of one that is longer than what remains in the
     * buffer the rest is lost, and {@link DatagramInfo#isTruncated()} tells.
     *
     * @param buffer where to; its position moves behind the bytes. A direct one is used as it is, a heap buffer copied
     * @return a future of what came. On a connected socket it fails with {@link java.net.PortUnreachableException} if a
     *     datagram that was sent met a closed port, after which the socket goes on
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
     */
    public RingFuture<DatagramInfo> receiveAsync(ByteBuffer buffer) {
        RingFuture<DatagramInfo> future = new RingFuture<>();
        receive(buffer, new DatagramInfo(), future);
        return future;
    }

    /**
     * The callback form of {@link #receiveAsync}. It allocates nothing.
     *
     * @param buffer where to
     * @param info what is filled in and given to the callback; it serves no other receive until then
     * @param callback whom to tell: {@code info}
     * @throws IllegalStateException if {@code info} serves another receive
     */
    public void receive(ByteBuffer buffer, DatagramInfo info, RingCallback<DatagramInfo> callback) {
        Transfer.checkWritable(buffer);
        Operation receive = operation(OpCode.RECEIVE_DATAGRAM).argument(info.head());
        RingCallback<Integer> receiving = info.receiving(peers, callback);
        if (buffer.isDirect()) {
            Transfer.IN_ONCE.start(receive, buffer, receiving);
        } else {
            Transfer.IN_ONCE.prepareWhole(receive, buffer, receiving);
            receiving.submitted(ring, receive, receive.activation());
            ring.submit(receive);
        }
    }

    /**
     * Receives one datagram into a pooled buffer.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param info what is filled in and given to the callback; it serves no other receive until then
     * @param callback whom to tell: {@code info}
     * @throws IllegalStateException if the lease is closed, or {@code info} serves another receive
     */
    public void receive(RingBuffer buffer, DatagramInfo info, RingCallback<DatagramInfo> callback) {
        buffer.byteBuffer(); // a closed lease throws before anything has begun
        Operation receive = operation(OpCode.RECEIVE_DATAGRAM).argument(info.head());
        Transfer.IN_ONCE.start(receive, buffer, info.receiving(peers, callback));
    }

    /**
     * The datagrams of this socket, to be taken at one's own pace: {@link IncomingOptions#defaults()}.
     *
     * @return a stream, which the caller closes
     */
    public DatagramStream datagramStream() {
        return datagramStream(IncomingOptions.defaults());
    }

    /**
     * The datagrams of this socket, to be taken at one's own pace.
     *
     * @param options buffers and how many of them may wait; a buffer has room for a datagram and, on Linux, a head of
     *     up to 224 bytes before it
     * @return a stream, which the caller closes
     * @throws IllegalArgumentException if the group is another ring's, or incremental
     */
    public DatagramStream datagramStream(IncomingOptions options) {
        return new DatagramStream(this, options);
    }

    /**
     * The datagrams of this socket for subscribers: {@link IncomingOptions#defaults()}.
     *
     * @return as {@link #datagramsPublisher(IncomingOptions)}
     */
    public Flow.Publisher<ReceivedDatagram> datagramsPublisher() {
        return datagramsPublisher(IncomingOptions.defaults());
    }

    /**
     * The datagrams of this socket for subscribers, each of which has a receive of its own, so that several share what
     * comes. A datagram is valid until {@code onNext} has returned, unless it is retained. Signals come on the loop
     * thread.
     *
     * <p>Without demand at most {@link IncomingOptions#maxHeld()} datagrams wait; then the kernel drops what its buffer
     * does not hold. What the network says of datagrams that were sent is not told here. Closing the socket completes
     * it.
     *
     * @param options buffers and how many of them may wait, as for {@link #datagramStream(IncomingOptions)}
     * @return a publisher that may be subscribed to any number of times
     */
    public Flow.Publisher<ReceivedDatagram> datagramsPublisher(IncomingOptions options) {
        return new DatagramPublisher(this, options);
    }
}
