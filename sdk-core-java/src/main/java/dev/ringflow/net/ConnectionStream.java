package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingTask;
import dev.ringflow.event.PullStream;
import dev.ringflow.internal.OnLoop;
import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a server socket, taken by one consumer at his own pace over one multishot accept.
 *
 * <p>While nobody takes them, at most {@value #HIGH_WATER} accepted connections wait here (and those of the moment in
 * which the kernel is asked to stop); all others wait in the kernel's backlog. The accept is armed again when a
 * connection is asked for and none is left. It is armed again, too, when the kernel ends it by itself: at once, or after
 * a pause when file descriptors or memory have run out.
 *
 * <p>Any thread may call it; callbacks come on the loop thread.
 */
public final class ConnectionStream implements AutoCloseable {
    private static final int HIGH_WATER = 64;
    private static final long PAUSE_NANOS = 50_000_000;
    private static final OperationHandler HANDLER = (operation, result, flags) -> {
        if (operation.callback() instanceof ConnectionStream stream) {
            stream.completed(operation, result, flags);
        }
    };

    private final RingServerSocket server;
    private final Ring ring;
    private final Handle handle;

    // Confined to the loop thread.
    private final ArrayDeque<RingSocket> ready = new ArrayDeque<>();
    private @Nullable RingCallback<RingSocket> waiting;
    private @Nullable Operation armed;
    private int armedActivation;
    private boolean armedBefore;
    private boolean pausing;
    private @Nullable Throwable end;
    private @Nullable Consumer<Throwable> whenEnded;

    ConnectionStream(RingServerSocket server, Handle handle) {
        this.server = server;
        this.ring = server.ring();
        this.handle = handle;
    }

    /**
     * Asks for the next connection. Only one may be asked for at a time.
     *
     * @param callback whom to tell; fails with {@link ClosedChannelException} when the server socket or this stream is
     *     closed, and with {@link IllegalStateException} when another callback waits already
     */
    public void next(RingCallback<RingSocket> callback) {
        OnLoop.run(
                ring,
                () -> nextOnLoop(callback),
                refusal -> callback.failed(new RingClosedException("next connection of " + server, refusal)));
    }

    /**
     * Gives up waiting: the callback that waits, if it is this one, fails with {@link CancellationException}. The stream
     * goes on.
     *
     * @param callback what {@link #next} was called with
     */
    public void giveUp(RingCallback<RingSocket> callback) {
        OnLoop.run(ring, () -> giveUpOnLoop(callback));
    }

    private void giveUpOnLoop(RingCallback<RingSocket> callback) {
        if (waiting == callback) {
            waiting = null;
            callback.failed(new CancellationException("Waiting for a connection was given up"));
        }
    }

    /** Ends the stream: the accept is cancelled, and connections that nobody took are closed. */
    @Override
    public void close() {
        OnLoop.run(ring, () -> finish(new ClosedChannelException()));
    }

    private void nextOnLoop(RingCallback<RingSocket> callback) {
        if (waiting != null) {
            callback.failed(new IllegalStateException("Somebody waits for the next connection already"));
            return;
        }
        RingSocket socket = ready.poll();
        if (socket != null) {
            hand(socket, callback);
        } else if (end != null) {
            callback.failed(end);
        } else {
            waiting = callback;
            arm();
        }
    }

    private static void hand(RingSocket socket, RingCallback<RingSocket> callback) {
        boolean taken = false;
        try {
            taken = callback.completed(socket);
        } finally {
            if (!taken) {
                socket.closeAsync();
            }
        }
    }

    private void arm() {
        if (armed != null || pausing) {
            return;
        }
        Operation accept = ring.operation()
                .opCode(OpCode.ACCEPT_MULTISHOT)
                .handle(handle)
                .owner(server)
                .handler(HANDLER)
                .callback(this);
        if (armedBefore) {
            ring.unsafeDriver().counters().rearms().add(1);
        }
        armedBefore = true;
        armed = accept;
        armedActivation = accept.activation();
        ring.submit(accept);
    }

    private void disarm() {
        if (armed != null) {
            ring.cancel(armed, armedActivation);
        }
    }

    private void completed(Operation operation, int result, int flags) {
        boolean terminal = (flags & CompletionFlags.MORE) == 0;
        if (terminal) {
            armed = null;
        }
        if (result >= 0) {
            accepted(new RingSocket(ring, operation.takeResultHandle(), null));
        }
        if (terminal) {
            armAgain(operation, result);
        }
    }

    private void accepted(RingSocket socket) {
        RingCallback<RingSocket> callback = waiting;
        if (end != null) {
            socket.closeAsync();
        } else if (callback != null) {
            waiting = null;
            hand(socket, callback);
        } else {
            ready.add(socket);
            if (ready.size() == HIGH_WATER) {
                disarm();
            }
        }
    }

    private void armAgain(Operation operation, int result) {
        if (end != null) {
            return;
        }
        Driver.Retry retry = Driver.Retry.NOW;
        if (result < 0) {
            Throwable failure = ring.failure(operation, result);
            if (failure instanceof ClosedChannelException || failure instanceof RingClosedException) {
                finish(failure);
                return;
            }
            if (!(failure instanceof CancellationException)) {
                retry = ring.unsafeDriver().retry(operation, result);
                if (retry == Driver.Retry.NEVER) {
                    finish(failure);
                    return;
                }
            }
        }
        if (retry == Driver.Retry.LATER) {
            pausing = true;
            ring.scheduleNanos(PAUSE_NANOS, new RingTask() {
                @Override
                public void run() {
                    pausing = false;
                    armIfWanted();
                }

                @Override
                public void abandoned(RingClosedException why) {
                    finish(why);
                }
            });
        } else {
            armIfWanted();
        }
    }

    private void armIfWanted() {
        if (waiting != null && end == null) {
            arm();
        }
    }

    private void finish(Throwable why) {
        if (end != null) {
            return;
        }
        end = why;
        disarm();
        RingCallback<RingSocket> callback = waiting;
        waiting = null;
        for (RingSocket each = ready.poll(); each != null; each = ready.poll()) {
            each.closeAsync();
        }
        if (callback != null) {
            callback.failed(why);
        }
        if (whenEnded != null) {
            whenEnded.accept(why);
        }
    }

    /**
     * This one for a publisher. Loop thread.
     *
     * @param listener told of the end, though nobody waits
     */
    PullStream<RingSocket> published(Consumer<Throwable> listener) {
        whenEnded = listener;
        return new PullStream<>() {
            @Override
            public Ring ring() {
                return ring;
            }

            @Override
            public void next(RingCallback<RingSocket> callback) {
                ConnectionStream.this.next(callback);
            }

            @Override
            public void close() {
                ConnectionStream.this.close();
            }
        };
    }

    @Override
    public String toString() {
        return "ConnectionStream[" + server + "]";
    }
}
