package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.internal.OnLoop;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What comes to a socket, taken by one consumer at his own pace. It begins with the first {@link #next}. Any thread may
 * call it; callbacks come on the loop thread.
 *
 * @param <T> what comes
 */
final class PulledReception<T> implements GroupReception.Consumer<T> {
    private final RingSocketState socket;
    private final Ring ring;
    private final String what;
    private final GroupReception<T> reception;

    // Confined to the loop thread.
    private final ArrayDeque<T> ready = new ArrayDeque<>();
    private @Nullable RingCallback<@Nullable T> waiting;
    private @Nullable T lent;
    private @Nullable IOException unreachable;
    private boolean begun;
    private boolean ended;
    private @Nullable Throwable end;

    /**
     * Makes one.
     *
     * @param what what comes, in words, for messages: "bytes"
     * @param reception makes the reception of a consumer
     */
    PulledReception(
            RingSocketState socket, String what, Function<GroupReception.Consumer<T>, GroupReception<T>> reception) {
        this.socket = socket;
        this.ring = socket.ring();
        this.what = what;
        this.reception = reception.apply(this);
    }

    /** Asks for the next one; null is the end. A callback that does not take it leaves it to whoever asks next. */
    void next(RingCallback<@Nullable T> callback) {
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

    /** Fails the callback that waits if it is this one. */
    void giveUp(RingCallback<@Nullable T> callback) {
        OnLoop.run(ring, () -> {
            if (waiting == callback) {
                waiting = null;
                callback.failed(
                        new CancellationException("Waiting for the next " + what + " of " + socket + " was given up"));
            }
        });
    }

    /** Ends it, and the validity of all that was not retained. */
    void close() {
        OnLoop.run(ring, () -> {
            endLending();
            reception.close();
            ended(new ClosedChannelException());
            dropReady();
        });
    }

    private void nextOnLoop(RingCallback<@Nullable T> callback) {
        if (waiting != null) {
            callback.failed(
                    new IllegalStateException("Somebody waits for the next " + what + " of " + socket + " already"));
            return;
        }
        endLending();
        IOException told = unreachable;
        T element = told == null ? ready.poll() : null;
        if (told != null) {
            unreachable = null;
            callback.failed(told);
        } else if (element != null) {
            hand(element, callback);
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

    private void hand(T element, RingCallback<@Nullable T> callback) {
        boolean taken = false;
        lent = element;
        try {
            taken = callback.completed(element);
        } finally {
            if (!taken && lent == element) {
                lent = null;
                ready.addFirst(element); // nothing is lost: who asks next gets it
                if (isClosed()) {
                    dropReady();
                }
            }
        }
    }

    private void endLending() {
        T last = lent;
        lent = null;
        if (last != null) {
            reception.delivered(last);
        }
    }

    private void tellEnd(RingCallback<@Nullable T> callback) {
        if (end == null) {
            callback.completed(null);
        } else {
            callback.failed(end);
        }
    }

    @Override
    public void received(T element) {
        RingCallback<@Nullable T> callback = waiting;
        if (callback == null) {
            ready.add(element);
        } else {
            waiting = null;
            hand(element, callback);
        }
    }

    @Override
    public void unreachable(IOException why) {
        RingCallback<@Nullable T> callback = waiting;
        if (callback == null) {
            unreachable = why;
        } else {
            waiting = null;
            callback.failed(why);
        }
    }

    @Override
    public void ended(@Nullable Throwable why) {
        if (ended) {
            return;
        }
        ended = true;
        end = why;
        if (isClosed()) {
            dropReady();
        }
        RingCallback<@Nullable T> callback = waiting;
        waiting = null;
        if (callback != null) {
            tellEnd(callback);
        }
    }

    private boolean isClosed() {
        return end instanceof ClosedChannelException || end instanceof RingClosedException;
    }

    private void dropReady() {
        for (T each = ready.poll(); each != null; each = ready.poll()) {
            reception.delivered(each);
        }
    }
}
