package dev.ringflow.net;

import dev.ringflow.RingCallback;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The bytes of a connection, all of them or those of one receive. A connection has one such reception at a time. */
final class Reception extends GroupReception<ReceivedBuffer> {
    private final RingSocketReceiving socket;

    /** Whose one receive it is, and may be cancelled; null for one that goes on. */
    private final @Nullable RingCallback<?> once;

    /** Who begins when the kernel has let go for this one, which has ended. */
    private @Nullable Reception successor;

    Reception(RingSocketReceiving socket, IncomingOptions options, Consumer<ReceivedBuffer> consumer) {
        this(socket, options, consumer, null);
    }

    Reception(
            RingSocketReceiving socket,
            IncomingOptions options,
            Consumer<ReceivedBuffer> consumer,
            @Nullable RingCallback<?> once) {
        super(socket, once == null ? OpCode.RECEIVE_MULTISHOT : OpCode.RECEIVE, options, consumer);
        this.socket = socket;
        this.once = once;
    }

    @Override
    void begin() {
        if (hasEnded()) {
            return;
        }
        Reception other = socket.reception;
        if (other != null && other.hasEnded() && other.hasNoSuccessor()) {
            other.successor = this;
        } else if (other != null) {
            finish(new IllegalStateException("Somebody receives all that comes on " + socket
                    + " already: the bytes of a connection have one consumer"));
        } else {
            socket.reception = this;
            super.begin();
        }
    }

    private boolean hasNoSuccessor() {
        return successor == null || successor.hasEnded();
    }

    @Override
    void leave() {
        boolean current = socket.reception == this;
        if (current) {
            socket.reception = null;
        }
        super.leave();
        if (current && successor != null) {
            successor.begin();
        }
    }

    @Override
    void submitting(Operation operation, int activation) {
        if (once != null) {
            once.submitted(ring, operation, activation);
        }
    }

    /** Whether whoever asked for one receive does not want it any more, and said so before there was one to cancel. */
    @Override
    boolean isGivenUp() {
        return once instanceof Future<?> future && future.isCancelled();
    }

    @Override
    int length(Operation operation, int result) {
        return result;
    }

    @Override
    ReceivedBuffer element(Operation operation, ReceivedBuffer buffer) {
        return buffer;
    }

    @Override
    void delivered(ReceivedBuffer element) {
        element.delivered();
    }

    @Override
    void endedWithElement() {
        if (once == null) {
            super.endedWithElement();
        } else {
            close();
        }
    }

    @Override
    boolean isLast(int result) {
        return result == 0;
    }

    @Override
    boolean goesOnAfter(Throwable failure) {
        return once == null && failure instanceof CancellationException;
    }
}
