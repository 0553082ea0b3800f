package dev.ringflow.event;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.internal.OnLoop;
import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a descriptor, taken by one consumer at his own pace over one multishot poll.
 *
 * <p>Events that come while nobody asks are added to those that wait, and told together; when more come all the same,
 * the poll is called off until somebody asks. So nothing is queued, and nothing that has become so goes untold. The
 * other way round, an event may be told of what was read meanwhile: read until there is nothing more, and expect that
 * there is nothing at all.
 *
 * <p>The stream ends after events that say that the descriptor has come to an end: see {@link PollEvents#isLast}.
 *
 * <p>Any thread may call it; callbacks come on the loop thread. See {@link ForeignDescriptor#eventsPublisher}.
 */
public final class EventStream implements PullStream<PollEvents> {
    private static final OperationHandler HANDLER = (operation, result, flags) -> {
        if (operation.callback() instanceof EventStream stream) {
            stream.completed(operation, result, flags);
        }
    };

    private final Ring ring;
    private final ForeignDescriptor descriptor;
    private final PollEvents events;

    // Confined to the loop thread.
    private int ready;
    private @Nullable RingCallback<PollEvents> waiting;
    private @Nullable Operation armed;
    private int armedActivation;
    private boolean armedBefore;
    private @Nullable Throwable end;

    EventStream(ForeignDescriptor descriptor, PollEvents events) {
        this.ring = descriptor.ring();
        this.descriptor = descriptor;
        this.events = Objects.requireNonNull(events, "events");
    }

    @Override
    public Ring ring() {
        return ring;
    }

    /**
     * Asks for the next events. Only one may be asked for at a time.
     *
     * @param callback whom to tell; fails with {@link ClosedChannelException} when the descriptor or this stream is
     *     closed, or the stream has told its last event, with {@link UnsupportedOperationException} where the driver
     *     cannot poll, and with {@link IllegalStateException} when another callback waits already
     */
    @Override
    public void next(RingCallback<PollEvents> callback) {
        Objects.requireNonNull(callback, "callback");
        OnLoop.run(
                ring,
                () -> nextOnLoop(callback),
                refusal -> callback.failed(new RingClosedException("next events of " + descriptor, refusal)));
    }

    /**
     * Gives up waiting: the callback that waits, if it is this one, fails with {@link CancellationException}. The
     * stream goes on.
     *
     * @param callback what {@link #next} was called with
     */
    public void giveUp(RingCallback<PollEvents> callback) {
        OnLoop.run(ring, () -> {
            if (waiting == callback) {
                waiting = null;
                callback.failed(new CancellationException("Waiting for events was given up"));
            }
        });
    }

    /** Ends the stream: the poll is cancelled. The descriptor stays open. */
    @Override
    public void close() {
        OnLoop.run(ring, () -> finish(new ClosedChannelException()));
    }

    private void nextOnLoop(RingCallback<PollEvents> callback) {
        if (waiting != null) {
            callback.failed(new IllegalStateException("Somebody waits for the next events already"));
        } else if (ready != 0) {
            waiting = callback;
            tell();
        } else if (end != null) {
            callback.failed(end);
        } else {
            waiting = callback;
            arm();
        }
    }

    private void tell() {
        RingCallback<PollEvents> callback = Objects.requireNonNull(waiting);
        PollEvents told = new PollEvents(ready);
        waiting = null;
        ready = 0;
        if (told.isLast()) {
            finish(new ClosedChannelException());
        }
        callback.completed(told);
    }

    private void arm() {
        if (armed == null) {
            Operation poll = descriptor
                    .operation(OpCode.POLL_MULTISHOT)
                    .flags(events.bits())
                    .handler(HANDLER);
            if (armedBefore) {
                ring.unsafeDriver().counters().rearms().add(1);
            }
            armedBefore = true;
            armed = poll.callback(this);
            armedActivation = poll.activation();
            ring.submit(poll);
        }
    }

    private void disarm() {
        if (armed != null) {
            ring.cancel(armed, armedActivation);
        }
    }

    private void completed(Operation operation, int result, int flags) {
        if ((flags & CompletionFlags.MORE) == 0) {
            armed = null;
        }
        if (end != null) {
            return;
        }
        if (result < 0) {
            failed(ring.failure(operation, result));
            return;
        }
        boolean unasked = ready != 0;
        ready |= result;
        if (waiting == null) {
            if (unasked) {
                disarm();
            }
        } else if (ready != 0) {
            tell();
        } else {
            arm();
        }
    }

    /** Its own cancellation is over when somebody asks again. */
    private void failed(Throwable why) {
        if (!(why instanceof CancellationException)) {
            finish(why);
        } else if (waiting != null) {
            arm();
        }
    }

    private void finish(Throwable why) {
        if (end != null) {
            return;
        }
        end = why;
        disarm();
        RingCallback<PollEvents> callback = waiting;
        waiting = null;
        if (callback != null) {
            callback.failed(why);
        }
    }

    @Override
    public String toString() {
        return "EventStream[" + events + " of " + descriptor + "]";
    }
}
