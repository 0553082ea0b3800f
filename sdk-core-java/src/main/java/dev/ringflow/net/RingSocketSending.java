package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.internal.Transfer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import java.nio.ByteBuffer;

/** Sending on a connection. {@link RingSocket} is the class to use. */
public abstract class RingSocketSending extends RingSocketOptions {
    RingSocketSending(Ring ring, Handle handle) {
        super(ring, handle, null);
    }

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
}
