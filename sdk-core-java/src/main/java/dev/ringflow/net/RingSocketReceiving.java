package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.internal.Transfer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Receiving on a connection. {@link RingSocket} is the class to use. */
public abstract class RingSocketReceiving extends RingSocketSending {
    /** Who receives all that comes, while somebody does. Loop thread. */
    @Nullable
    Reception reception;

    RingSocketReceiving(Ring ring, Handle handle) {
        super(ring, handle);
    }

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

    /**
     * The form of {@link #receive(RingBuffer, RingCallback)} that answers with a future.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @return a future of the number of bytes, -1 when the peer has shut its side down
     */
    public RingFuture<Integer> receiveAsync(RingBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        receive(buffer, future);
        return future;
    }

    /**
     * The form of {@link #receiveFully(RingBuffer, RingCallback)} that answers with a future.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @return a future of the number of bytes; fails with {@link java.io.EOFException} if the peer shuts its side down
     *     before
     */
    public RingFuture<Integer> receiveFullyAsync(RingBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        receiveFully(buffer, future);
        return future;
    }

    /**
     * Receives once into whichever buffer of a group is free, so that no memory waits for the bytes: with the ring's own
     * group.
     *
     * @return a future of a buffer with at least one byte, which is retained: whoever gets it closes it; null when the peer
     *     has shut its side down. Cancelling it loses no byte that has not been received
     */
    public RingFuture<@Nullable ReceivedBuffer> receiveAsync() {
        RingFuture<@Nullable ReceivedBuffer> future = new RingFuture<>();
        receive(IncomingOptions.defaults(), future);
        return future;
    }

    /**
     * Receives once into whichever buffer of a group is free. If none is, it waits for one. While it waits nobody else may
     * receive into a group from the socket.
     *
     * @param options which buffers
     * @param callback whom to tell: a buffer with at least one byte, which is retained: whoever gets it closes it; null
     *     when the peer has shut its side down
     * @throws IllegalArgumentException if the group belongs to another ring
     */
    public void receive(IncomingOptions options, RingCallback<@Nullable ReceivedBuffer> callback) {
        Reception reception = new Reception(this, options, new ReceivedOnce(callback), callback);
        if (ring.isLoopThread()) {
            reception.begin();
            return;
        }
        try {
            ring.execute(reception::begin);
        } catch (RejectedExecutionException e) {
            callback.failed(new RingClosedException("receive from " + this, e));
        }
    }

    // All that comes, into buffers of a group.

    /**
     * All bytes that come, for one consumer who asks for them: with the default options.
     *
     * @return a stream that begins when it is first asked
     */
    public IncomingStream incomingStream() {
        return incomingStream(IncomingOptions.defaults());
    }

    /**
     * All bytes that come, for one consumer who asks for them. While it is open nobody else may receive from the socket.
     *
     * @param options which buffers, and how many of them
     * @return a stream that begins when it is first asked
     * @throws IllegalArgumentException if the group belongs to another ring
     */
    public IncomingStream incomingStream(IncomingOptions options) {
        return new IncomingStream(this, options);
    }

    /**
     * All bytes that come, for one subscriber: with the default options.
     *
     * @return a publisher; see {@link #incomingPublisher(IncomingOptions)}
     */
    public Flow.Publisher<ReceivedBuffer> incomingPublisher() {
        return incomingPublisher(IncomingOptions.defaults());
    }

    /**
     * All bytes that come, for one subscriber at a time; another one is refused with an {@link IllegalStateException}.
     * Signals come on the loop thread. A buffer is valid until {@code onNext} returns, unless it is retained or is being
     * sent. Completes when the peer has shut its side down, and fails when the connection is lost, the socket or the
     * group is closed. What is not requested waits as {@link IncomingStream} says.
     *
     * @param options which buffers, and how many of them
     * @return a publisher
     * @throws IllegalArgumentException if the group belongs to another ring
     */
    public Flow.Publisher<ReceivedBuffer> incomingPublisher(IncomingOptions options) {
        options.groupOn(ring);
        return new IncomingPublisher(this, options);
    }

    /**
     * Hands all bytes that come to a listener as they come: the way that costs least. It pauses while
     * {@link IncomingOptions#maxHeld()} buffers are retained or being sent.
     *
     * @param options which buffers, and how many of them
     * @param listener told on the loop thread, of the end, too; also when another consumer receives from the socket already
     * @return ends it when closed
     * @throws IllegalArgumentException if the group belongs to another ring
     */
    public IncomingSubscription receiveAll(IncomingOptions options, IncomingListener listener) {
        ListenedReception listened = new ListenedReception(this, options, listener);
        listened.begin();
        return listened;
    }
}
