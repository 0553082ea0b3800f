package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingTask;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferReceiver;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import dev.ringflow.spi.ProvidedBuffers;
import dev.ringflow.spi.ResultCodes;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A receive into buffers of a group that is kept going: armed while its consumer holds few buffers, called off when he
 * holds many, armed again when buffers come back or the kernel has ended it. While nothing is armed an operation is
 * parked on the socket, which learns of its closing. Confined to the loop thread.
 *
 * @param <T> what comes, in a buffer each
 */
abstract class GroupReception<T> implements BufferReceiver {
    /**
     * Who takes what comes.
     *
     * @param <T> what that is
     */
    interface Consumer<T> {
        /** One more; whoever takes it ends its delivery: {@link GroupReception#delivered}. */
        void received(T element);

        /** What the network told of something that was sent earlier; the reception goes on. */
        default void unreachable(IOException why) {}

        /** The end, told once: null after the last byte of the peer. */
        void ended(@Nullable Throwable why);
    }

    private static final long PAUSE_NANOS = 50_000_000;
    private static final OperationHandler HANDLER = (operation, result, flags) -> {
        if (operation.callback() instanceof GroupReception<?> reception) {
            reception.completed(operation, result, flags);
        }
    };
    private static final OperationHandler PARKED = (operation, result, flags) -> {
        if (operation.callback() instanceof GroupReception<?> reception) {
            reception.unparked(operation, result);
        }
    };

    final Ring ring;
    final BufferGroup group;
    final Consumer<T> consumer;

    private final RingSocketState socket;
    private final OpCode code;
    private final int maxHeld;

    private @Nullable ProvidedBuffers provided;
    private @Nullable Operation armed;
    private int armedActivation;
    private boolean armedBefore;
    private boolean calledOff;
    private @Nullable Operation parked;
    private int parkedActivation;
    private long returnsWhenArmed;
    private int held;
    private boolean joined;
    private boolean starving;
    private boolean pausing;
    private boolean ended;

    /**
     * Prepares one.
     *
     * @throws IllegalArgumentException if the group belongs to another ring
     */
    GroupReception(RingSocketState socket, OpCode code, IncomingOptions options, Consumer<T> consumer) {
        this.socket = socket;
        this.ring = socket.ring();
        this.code = code;
        this.group = options.groupOn(ring);
        this.maxHeld = options.maxHeld();
        this.consumer = consumer;
    }

    // What is different.

    /** How many bytes of its buffer a completion has filled. */
    abstract int length(Operation operation, int result);

    /** What the consumer is told of a completion. */
    abstract T element(Operation operation, ReceivedBuffer buffer);

    /** Ends the delivery of what the consumer was told. */
    abstract void delivered(T element);

    /** Whether nothing can come after such a result, though it is not a failure. */
    abstract boolean isLast(int result);

    /** Whether it goes on after a failure of one receive. */
    abstract boolean goesOnAfter(Throwable failure);

    /** The receive has ended, after something came by it. */
    void endedWithElement() {
        arm();
    }

    /** An operation is about to be submitted. */
    void submitting(Operation operation, int activation) {}

    /** Whether what was just submitted is to be cancelled at once. */
    boolean isGivenUp() {
        return false;
    }

    // Beginning and end.

    void begin() {
        if (ended) {
            return;
        }
        try {
            provided = group.join(this);
            joined = true;
        } catch (IOException | RuntimeException e) {
            finish(e);
            return;
        }
        arm();
    }

    /** Ends it without a word to the consumer. What comes too late is given back. */
    final void close() {
        if (ended) {
            return;
        }
        ended = true;
        unpark();
        if (armed == null) {
            leave();
        } else {
            callOff();
        }
    }

    final void finish(@Nullable Throwable why) {
        if (!ended) {
            close();
            consumer.ended(why);
        }
    }

    final boolean hasEnded() {
        return ended;
    }

    /** The kernel has let go. */
    void leave() {
        if (joined) {
            joined = false;
            group.leave(this);
        }
    }

    // Arming.

    private void arm() {
        if (ended || armed != null || starving || pausing) {
            return;
        }
        if (held >= maxHeld) {
            park();
        } else if (group.isExhausted()) {
            starve(group.returns());
        } else {
            submit();
        }
    }

    private void submit() {
        Operation receive =
                socket.operation(code).provided(provided).handler(HANDLER).callback(this);
        armed = receive;
        armedActivation = receive.activation();
        calledOff = false;
        returnsWhenArmed = group.returns();
        if (code != OpCode.RECEIVE) {
            if (armedBefore) {
                ring.unsafeDriver().counters().rearms().add(1);
            }
            armedBefore = true;
        }
        unpark();
        submitting(receive, armedActivation);
        ring.submit(receive);
        if (isGivenUp()) {
            callOff();
        }
    }

    private void callOff() {
        if (armed != null && !calledOff) {
            calledOff = true;
            ring.cancel(armed, armedActivation);
        }
    }

    private void starve(long returnsBefore) {
        starving = true;
        park();
        group.awaitBuffers(this, returnsBefore);
    }

    @Override
    public final void buffersAvailable() {
        starving = false;
        arm();
    }

    @Override
    public final void bufferReturned() {
        held--;
        if (held <= maxHeld / 2) {
            arm();
        }
    }

    @Override
    public final void groupClosed(IllegalStateException why) {
        finish(why);
    }

    // While nothing is armed.

    private void park() {
        if (parked == null && !ended) {
            Operation park = socket.operation(OpCode.PARK).handler(PARKED).callback(this);
            parked = park;
            parkedActivation = park.activation();
            submitting(park, parkedActivation);
            ring.submit(park);
            if (isGivenUp()) {
                ring.cancel(park, parkedActivation);
            }
        }
    }

    private void unpark() {
        Operation park = parked;
        if (park != null) {
            parked = null;
            ring.cancel(park, parkedActivation);
        }
    }

    private void unparked(Operation operation, int result) {
        if (parked == operation) {
            parked = null;
            finish(ring.failure(operation, result));
        }
    }

    // What came.

    private void completed(Operation operation, int result, int flags) {
        boolean terminal = (flags & CompletionFlags.MORE) == 0;
        if (terminal) {
            armed = null;
        }
        boolean came = (flags & CompletionFlags.BUFFER) != 0;
        try {
            if (came) {
                deliver(operation, result, flags);
            }
        } finally {
            if (!terminal) {
                if (held >= maxHeld) {
                    callOff();
                }
            } else if (ended) {
                leave();
            } else {
                goOn(operation, result, came);
            }
        }
    }

    private void deliver(Operation operation, int result, int flags) {
        held++;
        ReceivedBuffer buffer = group.deliver(this, flags, length(operation, result));
        if (ended) {
            buffer.delivered();
        } else {
            consumer.received(element(operation, buffer));
        }
    }

    private void goOn(Operation operation, int result, boolean came) {
        if (isLast(result)) {
            finish(null);
        } else if (came) {
            endedWithElement();
        } else if (result == ResultCodes.NO_BUFFERS) {
            starve(returnsWhenArmed);
        } else {
            failed(operation, result);
        }
    }

    private void failed(Operation operation, int result) {
        Throwable failure = ring.failure(operation, result);
        if (goesOnAfter(failure)) {
            arm();
        } else if (ring.unsafeDriver().retry(operation, result) == Driver.Retry.LATER) {
            pause();
        } else {
            finish(failure);
        }
    }

    /** The kernel is short of memory. */
    private void pause() {
        pausing = true;
        park();
        ring.scheduleNanos(PAUSE_NANOS, new RingTask() {
            @Override
            public void run() {
                pausing = false;
                arm();
            }

            @Override
            public void abandoned(RingClosedException why) {
                finish(why);
            }
        });
    }
}
