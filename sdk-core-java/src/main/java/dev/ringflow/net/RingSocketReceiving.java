package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.internal.Transfer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import java.nio.ByteBuffer;

/** Receiving on a connection. {@link RingSocket} is the class to use. */
public abstract class RingSocketReceiving extends RingSocketSending {
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
}
