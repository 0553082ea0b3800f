package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

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
    private final Ring ring;
    private final DatagramReception reception;

    // Confined to the loop thread.
    private final ArrayDeque<ReceivedDatagram> ready = new ArrayDeque<>();
    private @Nullable RingCallback<ReceivedDatagram> waiting;
    private @Nullable ReceivedDatagram lent;
    private @Nullable IOException unreachable;
    private boolean begun;
    private @Nullable Throwable end;

    DatagramStream(RingDatagramReceiving socket, IncomingOptions options) {
        this.socket = socket;
        this.ring = socket.ring();
        this.reception = new DatagramReception(socket, options, new GroupReception.Consumer<>() {
            @Override
            public void received(ReceivedDatagram datagram) {
                take(datagram);
            }

            @Override
            public void unreachable(IOException why) {
                tellUnreachable(why);
            }

            @Override
            public void ended(@Nullable Throwable why) {
                finish(Objects.requireNonNull(why));
            }
        });
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
    public void next(RingCallback<ReceivedDatagram> callback) {
        if (ring.isLoopThread()) {
            nextOnLoop(callback);
            return;
        }
        try {
            ring.execute(() -> nextOnLoop(callback));
        } catch (RejectedExecutionException e) {
            callback.failed(new RingClosedException("receive from " + socket, e));
        }
    }

    /**
     * Gives up waiting: the callback that waits, if it is this one, fails with {@link CancellationException}. The
     * stream goes on, and loses no datagram.
     *
     * @param callback what {@link #next} was called with
     */
    public void giveUp(RingCallback<ReceivedDatagram> callback) {
        onLoop(() -> {
            if (waiting == callback) {
                waiting = null;
                callback.failed(new CancellationException("Waiting for a datagram of " + socket + " was given up"));
            }
        });
    }

    /**
     * Ends the stream: the receive is cancelled, and what nobody took is given back. The datagram that was taken last
     * ends its validity, too, unless it was retained. The socket stays open; datagrams that came meanwhile may be lost.
     */
    @Override
    public void close() {
        onLoop(() -> {
            endLending();
            reception.close();
            finish(new ClosedChannelException());
            dropReady();
        });
    }

    private void onLoop(Runnable task) {
        if (ring.isLoopThread()) {
            task.run();
            return;
        }
        try {
            ring.execute(task);
        } catch (RejectedExecutionException e) {
            // the ring's closing has ended the stream already
        }
    }

    private void nextOnLoop(RingCallback<ReceivedDatagram> callback) {
        if (waiting != null) {
            callback.failed(
                    new IllegalStateException("Somebody waits for the next datagram of " + socket + " already"));
            return;
        }
        endLending();
        IOException told = unreachable;
        ReceivedDatagram datagram = told == null ? ready.poll() : null;
        if (told != null) {
            unreachable = null;
            callback.failed(told);
        } else if (datagram != null) {
            hand(datagram, callback);
        } else if (end != null) {
            callback.failed(end);
        } else {
            waiting = callback;
            if (!begun) {
                begun = true;
                reception.begin();
            }
        }
    }

    private void hand(ReceivedDatagram datagram, RingCallback<ReceivedDatagram> callback) {
        boolean taken = false;
        lent = datagram;
        try {
            taken = callback.completed(datagram);
        } finally {
            if (!taken && lent == datagram) {
                lent = null;
                ready.addFirst(datagram); // nothing is lost: who asks next gets it
                if (end instanceof ClosedChannelException) {
                    dropReady();
                }
            }
        }
    }

    private void endLending() {
        ReceivedDatagram last = lent;
        lent = null;
        if (last != null) {
            last.buffer().delivered();
        }
    }

    private void take(ReceivedDatagram datagram) {
        RingCallback<ReceivedDatagram> callback = waiting;
        if (callback == null) {
            ready.add(datagram);
        } else {
            waiting = null;
            hand(datagram, callback);
        }
    }

    private void tellUnreachable(IOException why) {
        RingCallback<ReceivedDatagram> callback = waiting;
        if (callback == null) {
            unreachable = why;
        } else {
            waiting = null;
            callback.failed(why);
        }
    }

    private void finish(Throwable why) {
        if (end != null) {
            return;
        }
        end = why;
        if (why instanceof ClosedChannelException || why instanceof RingClosedException) {
            dropReady();
        }
        RingCallback<ReceivedDatagram> callback = waiting;
        waiting = null;
        if (callback != null) {
            callback.failed(why);
        }
    }

    private void dropReady() {
        for (ReceivedDatagram each = ready.poll(); each != null; each = ready.poll()) {
            each.buffer().delivered();
        }
    }

    @Override
    public String toString() {
        return "DatagramStream[" + socket + "]";
    }
}
