package dev.ringflow.net;

import dev.ringflow.RingCallback;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CancellationException;

/**
 * The datagrams of a socket, taken by one consumer at his own pace over one multishot receive (from Linux 6.10 on, see
 * io_uring_prep_recvmsg_multishot(3); repeated receives elsewhere). Several streams of one socket share what comes.
 *
 * <p>While nobody takes them, at most {@link IncomingOptions#maxHeld()} wait here, and what came while the kernel was
 * being asked to stop; then the kernel keeps as many as its buffer holds, and drops what comes beyond that, as UDP
 * does: {@link DatagramDetail#DROPS} counts them. The receive is armed again when half of the buffers are back. A
 * group of buffers that is exhausted pauses the stream, and does not end it.
 *
 * <p>It begins with the first {@link #next}. Any thread may call it; callbacks come on the loop thread.
 */
public final class DatagramStream implements AutoCloseable {
    private final RingDatagramReceiving socket;
    private final PulledReception<ReceivedDatagram> pulled;

    DatagramStream(RingDatagramReceiving socket, IncomingOptions options) {
        this.socket = socket;
        this.pulled =
                new PulledReception<>(socket, "datagram", consumer -> new DatagramReception(socket, options, consumer));
    }

    /**
     * Asks for the next datagram. Only one callback may wait at a time. The datagram that came before ends its validity
     * here, unless it was retained. A callback that does not take its datagram leaves it to whoever asks next.
     *
     * @param callback whom to tell: a datagram, which is valid until the next call of this method or of
     *     {@link #close()} unless it is retained. Fails with {@link ClosedChannelException} when the socket or this
     *     stream is closed, with {@link IllegalStateException} when another callback waits already or the group is
     *     closed; and with {@link java.net.PortUnreachableException} or {@link java.net.NoRouteToHostException} when
     *     the network says so of a datagram that the connected socket has sent, after which the stream goes on
     */
    @SuppressWarnings("NullAway") // null would tell the end, and datagrams have none
    public void next(RingCallback<ReceivedDatagram> callback) {
        pulled.next(callback);
    }

    /**
     * Gives up waiting: the callback that waits, if it is this one, fails with {@link CancellationException}. The
     * stream goes on, and loses no datagram.
     *
     * @param callback what {@link #next} was called with
     */
    @SuppressWarnings("NullAway") // as for next
    public void giveUp(RingCallback<ReceivedDatagram> callback) {
        pulled.giveUp(callback);
    }

    /**
     * Ends the stream: the receive is cancelled, and what nobody took is given back. The datagram that was taken last
     * ends its validity, too, unless it was retained. The socket stays open; datagrams that came meanwhile may be lost.
     */
    @Override
    public void close() {
        pulled.close();
    }

    @Override
    public String toString() {
        return "DatagramStream[" + socket + "]";
    }
}
