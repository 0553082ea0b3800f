package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.internal.Transfer;
import dev.ringflow.internal.VectorTransfer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.SendFlags;
import java.nio.ByteBuffer;

/**
 * Sending on a connection. {@link RingSocket} is the class to use.
 *
 * <p><b>Order.</b> What is sent fully keeps its order, whoever sends it: each {@code sendFully} has the connection to
 * itself from its first byte to its last, and others wait behind it in the order in which they were called (those of
 * different threads in the order in which they reach the loop). Cancelling one that waits takes it out. If one fails or
 * is cancelled after some of its bytes went out, the stream is cut: whatever followed would be taken for the rest. So all
 * that wait behind it, and all that come later, fail with {@link java.net.SocketException}. Closing the connection fails
 * them all. A plain {@code send} waits for nobody, and may fall between the parts of a {@code sendFully}.
 */
public abstract class RingSocketSending extends RingSocketOptions {
    /** A stream has no positions. */
    private static final long STREAM = -1;

    private volatile int zeroCopyThreshold;

    RingSocketSending(Ring ring, Handle handle) {
        super(ring, handle, null);
    }

    // Without copying.

    /**
     * From how many bytes on a send leaves the copying out: the network card reads the caller's own memory
     * ({@code IORING_OP_SEND_ZC}, since Linux 6.0). It serves direct and pooled buffers, best those of a registered pool,
     * which spare the kernel the pinning; heap buffers and several at once are copied as ever. Where the driver or the
     * kernel cannot, all of this is without effect.
     *
     * <p>The memory is free again when the peer has acknowledged the bytes, which may be much later than they are sent.
     * A {@link RingFuture} completes when they are sent, and its {@link RingFuture#released()} when the memory is free. A
     * callback is told by {@link RingCallback#sent}, and in the end, when the memory is free, by
     * {@link RingCallback#completed}. Closing the connection does not wait for the memory; closing the ring does, and
     * keeps it for good when {@link dev.ringflow.RingOptions#closeTimeout()} is over. Resetting the connection frees it at
     * once.
     *
     * <p>It pays for large sends over a real network. On the loopback interface, and between network namespaces, the
     * kernel copies all the same, and the second completion comes on top. Where the limit of locked memory is used up
     * the send is copied; {@link dev.ringflow.Capabilities#details()} tells so.
     *
     * <p>On Windows Registered I/O does it: from a registered pool as it is, from other direct memory by registering up to
     * 1 MiB of it for the one send, and by copying what another send in flight has already, which Windows forbids to use
     * twice. A connection that is closed sends what was told to be sent before it goes.
     *
     * @param bytes the smallest send without copying, 16 KiB or more makes sense; 0, as it is at first, for none
     * @throws IllegalArgumentException if the number is negative
     */
    public final void zeroCopyThreshold(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must be 0 or more, got " + bytes);
        }
        zeroCopyThreshold = bytes;
    }

    /**
     * From how many bytes on a send leaves the copying out.
     *
     * @return bytes, 0 for none
     */
    public final int zeroCopyThreshold() {
        return zeroCopyThreshold;
    }

    // One buffer.

    /**
     * Sends up to as many bytes as remain in the buffer.
     *
     * @param buffer where from; the kernel's until the future completes, and {@link RingFuture#released()} too
     * @return a future of the number of bytes, at least 1 unless nothing remains
     */
    public RingFuture<Integer> sendAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        send(buffer, future);
        return future;
    }

    /**
     * Sends until nothing remains in the buffer, in its turn.
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
     * The callback form of {@link #sendAsync(ByteBuffer)}.
     *
     * @param buffer where from
     * @param callback whom to tell
     */
    public void send(ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_ONCE.start(sending(buffer), buffer, callback);
    }

    /**
     * The callback form of {@link #sendFullyAsync(ByteBuffer)}.
     *
     * @param buffer where from
     * @param callback whom to tell
     */
    public void sendFully(ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_FULLY.start(inTurn(sending(buffer)), buffer, callback);
    }

    // A pooled buffer.

    /**
     * Sends up to as many bytes as remain in a pooled buffer.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @return a future of the number of bytes
     */
    public RingFuture<Integer> sendAsync(RingBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        send(buffer, future);
        return future;
    }

    /**
     * Sends all of what remains in a pooled buffer, in its turn.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @return a future of the number of bytes
     */
    public RingFuture<Integer> sendFullyAsync(RingBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        sendFully(buffer, future);
        return future;
    }

    /**
     * The callback form of {@link #sendAsync(RingBuffer)}.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param callback whom to tell: the number of bytes
     */
    public void send(RingBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_ONCE.start(sending(buffer.byteBuffer()), buffer, callback);
    }

    /**
     * The callback form of {@link #sendFullyAsync(RingBuffer)}.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param callback whom to tell: the number of bytes
     */
    public void sendFully(RingBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_FULLY.start(inTurn(sending(buffer.byteBuffer())), buffer, callback);
    }

    // A received buffer.

    /**
     * Sends all of what remains in a buffer that was received into, in its turn.
     *
     * @param buffer a buffer; it may be closed at once, its memory is received into again when the kernel has let go
     * @return a future of the number of bytes
     */
    public RingFuture<Integer> sendFullyAsync(ReceivedBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        sendFully(buffer, future);
        return future;
    }

    /**
     * The callback form of {@link #sendFullyAsync(ReceivedBuffer)}.
     *
     * @param buffer a buffer; it may be closed at once, its memory is received into again when the kernel has let go
     * @param callback whom to tell: the number of bytes
     */
    public void sendFully(ReceivedBuffer buffer, RingCallback<Integer> callback) {
        ByteBuffer bytes = buffer.byteBuffer();
        Transfer.OUT_FULLY.start(inTurn(sending(bytes)), buffer, bytes, callback);
    }

    // Several buffers.

    /**
     * Sends from several buffers, one after the other, in one operation; see sendmsg(2). Heap buffers go through a direct
     * buffer of at most 128 KiB in all, and no more than 1024 buffers at once: what is beyond that remains. A buffer that
     * is there twice is sent twice.
     *
     * @param buffers where from; the kernel's until the future completes. Afterwards the position of each is behind
     *     what was sent of it
     * @return a future of the number of bytes
     */
    public RingFuture<Long> sendAsync(ByteBuffer... buffers) {
        RingFuture<Long> future = new RingFuture<>();
        send(buffers, future);
        return future;
    }

    /**
     * Sends until nothing remains in any of the buffers, in its turn and in as many operations as it takes.
     *
     * @param buffers where from
     * @return a future of the number of bytes; when it fails the buffers' positions tell what was sent
     */
    public RingFuture<Long> sendFullyAsync(ByteBuffer... buffers) {
        RingFuture<Long> future = new RingFuture<>();
        sendFully(buffers, future);
        return future;
    }

    /**
     * The callback form of {@link #sendAsync(ByteBuffer...)}.
     *
     * @param buffers where from
     * @param callback whom to tell
     */
    public void send(ByteBuffer[] buffers, RingCallback<Long> callback) {
        VectorTransfer.out(buffers, false).start(operation(OpCode.SEND_VECTORED).position(STREAM), callback);
    }

    /**
     * The callback form of {@link #sendFullyAsync(ByteBuffer...)}.
     *
     * @param buffers where from
     * @param callback whom to tell
     */
    public void sendFully(ByteBuffer[] buffers, RingCallback<Long> callback) {
        VectorTransfer.out(buffers, true)
                .start(inTurn(operation(OpCode.SEND_VECTORED)).position(STREAM), callback);
    }

    private Operation sending(ByteBuffer buffer) {
        int threshold = zeroCopyThreshold;
        boolean withoutCopying = threshold > 0
                && buffer.remaining() >= threshold
                && buffer.isDirect()
                && ring.capabilities().support(OpCode.SEND_ZERO_COPY) == Support.NATIVE;
        return operation(withoutCopying ? OpCode.SEND_ZERO_COPY : OpCode.SEND);
    }

    private Operation inTurn(Operation send) {
        return send.lineOf(handle).flags(SendFlags.WHOLE);
    }
}
