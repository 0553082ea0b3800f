package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingTask;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferReceiver;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.DatagramHead;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import dev.ringflow.spi.ProvidedBuffers;
import dev.ringflow.spi.ResultCodes;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A multishot receive of datagrams that is kept going: armed while its consumer holds few buffers, called off when he
 * holds many, armed again when buffers come back or the kernel has ended it. While nothing is armed an operation is
 * parked on the socket, which learns of its closing. Confined to the loop thread.
 */
final class DatagramReception implements BufferReceiver {
    /** Who takes what comes. */
    interface Consumer {
        /** A datagram; whoever takes it ends the delivery of its buffer. */
        void received(ReceivedDatagram datagram);

        /** What the network told of an earlier datagram; the reception goes on. */
        void unreachable(IOException why);

        /** The end, told once. */
        void ended(Throwable why);
    }

    private static final long PAUSE_NANOS = 50_000_000;
    private static final OperationHandler HANDLER = (operation, result, flags) -> {
        if (operation.callback() instanceof DatagramReception reception) {
            reception.completed(operation, result, flags);
        }
    };
    private static final OperationHandler PARKED = (operation, result, flags) -> {
        if (operation.callback() instanceof DatagramReception reception) {
            reception.unparked(operation, result);
        }
    };

    private final RingDatagramReceiving socket;
    private final Ring ring;
    private final BufferGroup group;
    private final int maxHeld;
    private final Consumer consumer;

    private @Nullable ProvidedBuffers provided;
    private @Nullable Operation armed;
    private int armedActivation;
    private boolean calledOff;
    private @Nullable Operation parked;
    private int parkedActivation;
    private long returnsWhenArmed;
    private int held;
    private boolean joined;
    private boolean starving;
    private boolean pausing;
    private boolean ended;

    DatagramReception(RingDatagramReceiving socket, IncomingOptions options, Consumer consumer) {
        this.socket = socket;
        this.ring = socket.ring();
        this.group = options.groupOn(ring);
        this.maxHeld = options.maxHeld();
        this.consumer = consumer;
        if (group.options().incremental()) {
            throw new IllegalArgumentException(
                    "Each datagram needs a buffer of its own, which an incremental group does not give: " + group);
        }
    }

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

    private void finish(Throwable why) {
        if (!ended) {
            close();
            consumer.ended(why);
        }
    }

    private void leave() {
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
        Operation receive = socket.operation(OpCode.RECEIVE_DATAGRAM_MULTISHOT)
                .provided(provided)
                .handler(HANDLER)
                .callback(this);
        armed = receive;
        armedActivation = receive.activation();
        calledOff = false;
        returnsWhenArmed = group.returns();
        unpark();
        ring.submit(receive);
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
            ring.submit(park);
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
                deliver(operation, flags);
            }
        } finally {
            if (!terminal) {
                if (held >= maxHeld) {
                    callOff();
                }
            } else if (ended) {
                leave();
            } else if (came) {
                arm();
            } else {
                goOn(operation, result);
            }
        }
    }

    private void deliver(Operation operation, int flags) {
        DatagramHead head = (DatagramHead) Objects.requireNonNull(operation.resultObject());
        int start = head.payloadOffset();
        held++;
        ReceivedBuffer buffer = group.deliver(this, flags, start + head.length());
        if (ended) {
            buffer.delivered();
            return;
        }
        buffer.byteBuffer().position(start);
        consumer.received(new ReceivedDatagram(buffer, head, socket.peers));
    }

    private void goOn(Operation operation, int result) {
        if (result == ResultCodes.NO_BUFFERS) {
            starve(returnsWhenArmed);
            return;
        }
        Throwable failure = ring.failure(operation, result);
        if (failure instanceof CancellationException) {
            arm();
        } else if (failure instanceof PortUnreachableException || failure instanceof NoRouteToHostException) {
            consumer.unreachable((IOException) failure);
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
