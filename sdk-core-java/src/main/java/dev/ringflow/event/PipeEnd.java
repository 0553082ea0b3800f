package dev.ringflow.event;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.file.RingFile;
import dev.ringflow.internal.Answer;
import dev.ringflow.internal.CloseOnce;
import dev.ringflow.net.RingSocket;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What both ends of a pipe have; {@link PipeSource} and {@link PipeSink} are the classes to use. */
public abstract class PipeEnd implements AutoCloseable {
    private static final Answer<Integer> MOVED = new Answer<>() {
        @Override
        protected Integer value(Operation operation, int result) {
            return result == 0 ? -1 : result;
        }
    };

    private final Ring ring;
    private final Handle handle;
    private final CloseOnce closing;

    PipeEnd(Ring ring, Handle handle) {
        this.ring = ring;
        this.handle = handle;
        this.closing = new CloseOnce(ring, handle);
    }

    /**
     * The ring that it is open on.
     *
     * @return the ring
     */
    public final Ring ring() {
        return ring;
    }

    /**
     * Whether it takes operations. The other end's closing does not make it false: that shows in the next operation.
     *
     * @return false from the moment that closing began
     */
    public final boolean isOpen() {
        return closing.isOpen();
    }

    /**
     * What stands for this end in operations. For layers built on the ring: whoever submits operations of his own on
     * it keeps the rules that this class keeps for everybody else.
     *
     * @return the handle
     */
    public final Handle unsafeHandle() {
        return handle;
    }

    final Operation operation(OpCode code) {
        return ring.operation().opCode(code).handle(handle).owner(this).position(-1);
    }

    /** Moves bytes between this end and a file or socket, without a buffer of this process. */
    final void splice(
            OpCode code, Handle other, Object owner, long position, int count, RingCallback<Integer> callback) {
        if (count < 1) {
            throw new IllegalArgumentException("count must be at least 1, got " + count);
        }
        MOVED.start(
                ring.operation()
                        .opCode(code)
                        .handle(other)
                        .secondHandle(handle)
                        .owner(owner)
                        .position(position)
                        .extent(count),
                callback);
    }

    final void splice(OpCode code, RingFile file, long position, int count, RingCallback<Integer> callback) {
        if (position < 0) {
            throw new IllegalArgumentException("position must not be negative, got " + position);
        }
        splice(code, file.unsafeHandle(), file, position, count, callback);
    }

    final void splice(OpCode code, RingSocket socket, int count, RingCallback<Integer> callback) {
        splice(code, socket.unsafeHandle(), socket, -1, count, callback);
    }

    /**
     * Closes this end: cancels what is in flight on it, waits until the kernel has let go, and then closes. Closing
     * again has no effect.
     *
     * @return a future that completes when it is closed
     */
    public final CompletableFuture<@Nullable Void> closeAsync() {
        return closing.begin();
    }

    /** Does what {@link #closeAsync} does, and waits for it except on the loop thread. */
    @Override
    public final void close() {
        closing.close();
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + handle.value() + (isOpen() ? "" : ", closed") + "]";
    }
}
