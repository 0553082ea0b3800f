package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.buffer.ReceivedBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
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
    private final Ring ring;
    private final Reception reception;

    // Confined to the loop thread.
    private final ArrayDeque<ReceivedBuffer> ready = new ArrayDeque<>();
    private @Nullable RingCallback<@Nullable ReceivedBuffer> waiting;
    private @Nullable ReceivedBuffer lent;
    private boolean begun;
    private boolean ended;
    private @Nullable Throwable end;

    IncomingStream(RingSocketReceiving socket, IncomingOptions options) {
        this.socket = socket;
        this.ring = socket.ring();
        this.reception = new Reception(socket, options, new GroupReception.Consumer<>() {
            @Override
            public void received(ReceivedBuffer buffer) {
                take(buffer);
            }

            @Override
            public void ended(@Nullable Throwable why) {
                finish(why);
            }
        });
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
     * Gives up waiting: the callback that waits, if it is this one, fails with {@link CancellationException}. The stream
     * goes on, and loses no byte.
     *
     * @param callback what {@link #next} was called with
     */
    public void giveUp(RingCallback<@Nullable ReceivedBuffer> callback) {
        onLoop(() -> {
            if (waiting == callback) {
                waiting = null;
                callback.failed(new CancellationException("Waiting for bytes of " + socket + " was given up"));
            }
        });
    }

    /**
     * Ends the stream: the receive is cancelled, and what nobody took is given back. The buffer that was taken last ends its
     * validity, too, unless it was retained. The socket stays open; bytes that came meanwhile may be lost.
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

    private void nextOnLoop(RingCallback<@Nullable ReceivedBuffer> callback) {
        if (waiting != null) {
            callback.failed(new IllegalStateException("Somebody waits for the next bytes of " + socket + " already"));
            return;
        }
        endLending();
        ReceivedBuffer buffer = ready.poll();
        if (buffer != null) {
            hand(buffer, callback);
        } else if (ended) {
            tellEnd(callback);
        } else {
            waiting = callback;
            if (!begun) {
                begun = true;
                reception.begin();
            }
        }
    }

    private void hand(ReceivedBuffer buffer, RingCallback<@Nullable ReceivedBuffer> callback) {
        boolean taken = false;
        lent = buffer;
        try {
            taken = callback.completed(buffer);
        } finally {
            if (!taken && lent == buffer) {
                lent = null;
                ready.addFirst(buffer); // nothing is lost: who asks next gets it
            }
        }
    }

    private void endLending() {
        ReceivedBuffer last = lent;
        lent = null;
        if (last != null) {
            last.delivered();
        }
    }

    private void tellEnd(RingCallback<@Nullable ReceivedBuffer> callback) {
        if (end == null) {
            callback.completed(null);
        } else {
            callback.failed(end);
        }
    }

    private void take(ReceivedBuffer buffer) {
        RingCallback<@Nullable ReceivedBuffer> callback = waiting;
        if (callback == null) {
            ready.add(buffer);
        } else {
            waiting = null;
            hand(buffer, callback);
        }
    }

    private void finish(@Nullable Throwable why) {
        if (ended) {
            return;
        }
        ended = true;
        end = why;
        if (why instanceof ClosedChannelException || why instanceof RingClosedException) {
            dropReady();
        }
        RingCallback<@Nullable ReceivedBuffer> callback = waiting;
        waiting = null;
        if (callback != null) {
            tellEnd(callback);
        }
    }

    private void dropReady() {
        for (ReceivedBuffer each = ready.poll(); each != null; each = ready.poll()) {
            each.delivered();
        }
    }

    @Override
    public String toString() {
        return "IncomingStream[" + socket + "]";
    }
}
