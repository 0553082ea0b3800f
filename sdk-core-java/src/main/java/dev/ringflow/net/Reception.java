package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
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
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A multishot receive that is kept going: armed while its consumer holds few buffers, called off when he holds many, armed
 * again when buffers come back or the kernel has ended it. While nothing is armed an operation is parked on the socket,
 * which learns of its closing. Confined to the loop thread.
 */
final class Reception implements BufferReceiver {
    /** Who takes what comes. */
    interface Consumer {
        /** Bytes; whoever takes them ends the delivery. */
        void received(ReceivedBuffer buffer);

        /** The end, told once: null after the last byte of the peer. */
        void ended(@Nullable Throwable why);
    }

    private static final long PAUSE_NANOS = 50_000_000;
    private static final OperationHandler HANDLER = (operation, result, flags) -> {
        if (operation.callback() instanceof Reception reception) {
            reception.completed(operation, result, flags);
        }
    };
    private static final OperationHandler PARKED = (operation, result, flags) -> {
        if (operation.callback() instanceof Reception reception) {
            reception.unparked(operation, result);
        }
    };

    private final RingSocketReceiving socket;
    private final Ring ring;
    private final BufferGroup group;
    private final int maxHeld;
    private final Consumer consumer;

    /** Whose one receive it is, and may be cancelled; null for one that goes on. */
    private final @Nullable RingCallback<?> once;

    private @Nullable ProvidedBuffers provided;
    private @Nullable Operation armed;
    private int armedActivation;
    private boolean calledOff;
    private @Nullable Operation parked;
    private int parkedActivation;
    private long returnsWhenArmed;
    private int held;
    private boolean starving;
    private boolean pausing;
    private boolean ended;

    /** Who begins when the kernel has let go for this one, which has ended. */
    private @Nullable Reception successor;

    Reception(RingSocketReceiving socket, IncomingOptions options, Consumer consumer) {
        this(socket, options, consumer, null);
    }

    Reception(RingSocketReceiving socket, IncomingOptions options, Consumer consumer, @Nullable RingCallback<?> once) {
        this.once = once;
        this.socket = socket;
        this.ring = socket.ring();
        this.group = options.groupOn(ring);
        this.maxHeld = options.maxHeld();
        this.consumer = consumer;
    }

    void begin() {
        if (ended) {
            return;
        }
        Reception other = socket.reception;
        if (other != null && other.ended && other.isLast()) {
            other.successor = this;
            return;
        }
        if (other != null) {
            finish(new IllegalStateException("Somebody receives all that comes on " + socket
                    + " already: the bytes of a" + " connection have one consumer"));
            return;
        }
        try {
            provided = group.join(this);
        } catch (IOException | RuntimeException e) {
            finish(e);
            return;
        }
        socket.reception = this;
        arm();
    }

    /** Ends it without a word to the consumer. What comes too late is given back. */
    void close() {
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

    private void finish(@Nullable Throwable why) {
        if (!ended) {
            close();
            consumer.ended(why);
        }
    }

    private boolean isLast() {
        return successor == null || successor.ended;
    }

    private void leave() {
        if (socket.reception == this) {
            socket.reception = null;
            group.leave(this);
            if (successor != null) {
                successor.begin();
            }
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
        Operation receive = socket.operation(once == null ? OpCode.RECEIVE_MULTISHOT : OpCode.RECEIVE)
                .provided(provided)
                .handler(HANDLER)
                .callback(this);
        armed = receive;
        armedActivation = receive.activation();
        calledOff = false;
        returnsWhenArmed = group.returns();
        unpark();
        if (once != null) {
            once.submitted(ring, receive, armedActivation);
        }
        ring.submit(receive);
        if (isGivenUp()) {
            callOff();
        }
    }

    /** Whether whoever asked for one receive does not want it any more, and said so before there was one to cancel. */
    private boolean isGivenUp() {
        return once instanceof Future<?> future && future.isCancelled();
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
    public void buffersAvailable() {
        starving = false;
        arm();
    }

    @Override
    public void bufferReturned() {
        held--;
        if (held <= maxHeld / 2) {
            arm();
        }
    }

    @Override
    public void groupClosed(IllegalStateException why) {
        finish(why);
    }

    // While nothing is armed.

    private void park() {
        if (parked == null && !ended) {
            Operation park = socket.operation(OpCode.PARK).handler(PARKED).callback(this);
            parked = park;
            parkedActivation = park.activation();
            if (once != null) {
                once.submitted(ring, park, parkedActivation);
            }
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
        if ((flags & CompletionFlags.BUFFER) != 0) {
            held++;
            ReceivedBuffer buffer = group.deliver(this, flags, result);
            if (ended) {
                buffer.delivered();
            } else {
                tell(buffer, operation, result, terminal);
                return;
            }
        }
        afterwards(operation, result, terminal);
    }

    private void tell(ReceivedBuffer buffer, Operation operation, int result, boolean terminal) {
        try {
            consumer.received(buffer);
        } finally {
            afterwards(operation, result, terminal);
        }
    }

    private void afterwards(Operation operation, int result, boolean terminal) {
        if (!terminal) {
            if (held >= maxHeld) {
                callOff();
            }
        } else if (ended) {
            leave();
        } else {
            goOn(operation, result);
        }
    }

    private void goOn(Operation operation, int result) {
        if (result > 0 && once != null) {
            close();
        } else if (result > 0) {
            arm();
        } else if (result == 0) {
            finish(null);
        } else if (result == ResultCodes.NO_BUFFERS) {
            starve(returnsWhenArmed);
        } else {
            Throwable failure = ring.failure(operation, result);
            if (failure instanceof CancellationException && once == null) {
                arm();
            } else if (ring.unsafeDriver().retry(operation, result) == Driver.Retry.LATER) {
                pause();
            } else {
                finish(failure);
            }
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
