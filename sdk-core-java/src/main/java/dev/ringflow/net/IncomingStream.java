package dev.ringflow.net;

import dev.ringflow.RingCallback;
import dev.ringflow.buffer.ReceivedBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a connection, taken by one consumer at his own pace over one multishot receive.
 *
 * <p>While nobody takes them, at most {@link IncomingOptions#maxHeld()} buffers wait here, and what came while the kernel
 * was being asked to stop; all else waits in the kernel, and when that is full, with the peer. The receive is armed again
 * when half of the buffers are back. A group of buffers that is exhausted pauses the stream, and does not end it.
 *
 * <p>It begins with the first {@link #next}. Any thread may call it; callbacks come on the loop thread.
 */
public final class IncomingStream implements AutoCloseable {
    private final RingSocketReceiving socket;
    private final PulledReception<ReceivedBuffer> pulled;

    IncomingStream(RingSocketReceiving socket, IncomingOptions options) {
        this.socket = socket;
        this.pulled = new PulledReception<>(socket, "bytes", consumer -> new Reception(socket, options, consumer));
    }

    /**
     * Asks for the next bytes. Only one callback may wait at a time. The buffer that came before ends its validity here,
     * unless it was retained. A callback that does not take its buffer leaves it to whoever asks next.
     *
     * @param callback whom to tell: a buffer, which is valid until the next call of this method or of {@link #close()}
     *     unless it is retained; null when the peer has shut its side down and all its bytes were taken. Fails with
     *     {@link ClosedChannelException} when the socket or this stream is closed, with
     *     {@link IllegalStateException} when another callback waits already, another consumer receives from the socket, or
     *     the group is closed, and with {@link java.io.IOException} when the connection is lost, after what came before
     *     that was taken
     */
    public void next(RingCallback<@Nullable ReceivedBuffer> callback) {
        pulled.next(callback);
    }

    /**
     * Gives up waiting: the callback that waits, if it is this one, fails with {@link CancellationException}. The stream
     * goes on, and loses no byte.
     *
     * @param callback what {@link #next} was called with
     */
    public void giveUp(RingCallback<@Nullable ReceivedBuffer> callback) {
        pulled.giveUp(callback);
    }

    /**
     * Ends the stream: the receive is cancelled, and what nobody took is given back. The buffer that was taken last ends its
     * validity, too, unless it was retained. The socket stays open; bytes that came meanwhile may be lost.
     */
    @Override
    public void close() {
        pulled.close();
    }

    @Override
    public String toString() {
        return "IncomingStream[" + socket + "]";
    }
}
