package dev.ringflow.internal;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.MemoryLease;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import dev.ringflow.spi.ResultCodes;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes between a caller's buffer and a file or socket, in one operation or in as many as it takes. Each constant
 * is a handler without state: what belongs to the request is in its operation.
 */
public enum Transfer implements OperationHandler {
    /** One read or receive: at least 1 byte, -1 at the end. */
    IN_ONCE,
    /** Reads until the buffer is full; the end before that is an {@link EOFException}. */
    IN_FULLY,
    /** One write or send. */
    OUT_ONCE,
    /** Writes until the buffer is empty. */
    OUT_FULLY;

    /**
     * Starts a transfer of what remains in a buffer.
     *
     * @param operation an operation with code, handle, owner and position
     * @param buffer the caller's buffer
     * @param callback whom to tell: the number of bytes, or -1 at the end for {@link #IN_ONCE}
     */
    public void start(Operation operation, ByteBuffer buffer, RingCallback<Integer> callback) {
        int start = buffer.position();
        int length = buffer.remaining();
        operation.userBuffer(buffer, start, length).handler(this).callback(callback);
        if (length == 0 && operation.opCode() == OpCode.RECEIVE) {
            operation.opCode(OpCode.NOP); // the kernel would wait for a byte to arrive
        }
        if (buffer.isDirect()) {
            operation.memory(buffer, start, length);
        } else {
            ByteBuffer bounce = BounceBuffers.take(length);
            operation.memory(bounce, 0, Math.min(length, BounceBuffers.LARGEST));
            fillBounce(operation);
        }
        Ring ring = operation.ring();
        callback.submitted(ring, operation, operation.activation());
        ring.submit(operation);
    }

    /**
     * Starts a transfer of what remains in a pooled buffer.
     *
     * @param operation an operation with code, handle, owner and position
     * @param buffer a lease of a pool of the same ring
     * @param callback whom to tell
     */
    public void start(Operation operation, RingBuffer buffer, RingCallback<Integer> callback) {
        ByteBuffer bytes = buffer.byteBuffer();
        int index = buffer.registeredIndex(operation.ring());
        buffer.kernelTakes();
        operation.lease(buffer).bufferIndex(index);
        start(operation, bytes, callback);
    }

    /**
     * Starts a transfer of what remains in memory that belongs to a pool.
     *
     * @param operation an operation with code, handle, owner and position
     * @param lease the memory's lease
     * @param bytes its memory, a direct buffer
     * @param callback whom to tell
     */
    public void start(Operation operation, MemoryLease lease, ByteBuffer bytes, RingCallback<Integer> callback) {
        lease.kernelTakes();
        start(operation.lease(lease), bytes, callback);
    }

    /**
     * Fills an operation in that moves what remains in a buffer in one piece, and leaves it to the caller to submit it.
     *
     * @param operation an operation with code, handle, owner and position
     * @param buffer the caller's buffer
     * @param callback whom to tell, as by {@link #start(Operation, ByteBuffer, RingCallback)}
     */
    public void prepareWhole(Operation operation, ByteBuffer buffer, RingCallback<Integer> callback) {
        int start = buffer.position();
        int length = buffer.remaining();
        operation.userBuffer(buffer, start, length).handler(this).callback(callback);
        if (buffer.isDirect()) {
            operation.memory(buffer, start, length);
        } else {
            operation.memory(BounceBuffers.takeWhole(length), 0, length);
            fillBounce(operation);
        }
    }

    /**
     * As the form for other buffers.
     *
     * @param operation an operation with code, handle, owner and position
     * @param buffer a lease of a pool of the same ring
     * @param callback whom to tell
     */
    public void prepareWhole(Operation operation, RingBuffer buffer, RingCallback<Integer> callback) {
        ByteBuffer bytes = buffer.byteBuffer();
        int index = buffer.registeredIndex(operation.ring());
        buffer.kernelTakes();
        operation.lease(buffer).bufferIndex(index);
        prepareWhole(operation, bytes, callback);
    }

    /**
     * Checks a buffer that the kernel is to fill.
     *
     * @param buffer the caller's buffer
     */
    public static void checkWritable(ByteBuffer buffer) {
        if (Objects.requireNonNull(buffer, "buffer").isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
    }

    private boolean fills() {
        return this == IN_ONCE || this == IN_FULLY;
    }

    @Override
    public void completed(Operation operation, int result, int flags) {
        if ((flags & CompletionFlags.MORE) != 0) {
            sent(operation, result);
            return;
        }
        if (operation.isOutcomeKnown()) {
            memoryIsBack(operation);
            return;
        }
        Ring ring = operation.ring();
        if (result < 0) {
            finish(operation, 0, ring.failure(operation, result));
            return;
        }
        ByteBuffer user = Objects.requireNonNull(operation.userBuffer());
        if (fills() && !user.isDirect()) {
            emptyBounce(operation, result);
        }
        long done = operation.progress() + result;
        operation.progress(done);
        boolean finished = this == IN_ONCE || this == OUT_ONCE || done == operation.userLength();
        if (!finished && result > 0) {
            goOn(ring, operation, (int) done, result);
        } else if (finished) {
            finish(operation, result == 0 && this == IN_ONCE && operation.userLength() > 0 ? -1 : (int) done, null);
        } else if (this == IN_FULLY) {
            finish(
                    operation,
                    0,
                    new EOFException("The end came after " + done + " of " + operation.userLength() + " bytes of "
                            + operation.owner()));
        } else {
            finish(
                    operation,
                    0,
                    new java.io.IOException("The system took no byte of " + operation.owner() + ", " + done + " of "
                            + operation.userLength() + " bytes were written"));
        }
    }

    /** The kernel has sent some, and keeps the memory. What is left, if anything, is sent when it gives that back. */
    private void sent(Operation operation, int result) {
        long done = operation.progress() + result;
        boolean finished = this == OUT_ONCE || done == operation.userLength();
        if (!finished && !operation.isCancelRequested()) {
            return;
        }
        operation.progress(done);
        if (finished) {
            Throwable touched = advance(operation);
            operation.failure(touched);
            if (touched == null) {
                callback(operation).sent(BoxedCounts.of((int) done));
            }
        } else {
            Throwable failure = operation.ring().failure(operation, ResultCodes.CANCELED);
            operation.failure(failure);
            cutLine(operation, failure);
        }
        operation.outcomeKnown();
    }

    private void memoryIsBack(Operation operation) {
        Throwable failure = operation.failure();
        if (failure != null && !operation.isLeftInKernel()) {
            advance(operation);
        }
        end(operation, (int) operation.progress(), failure);
    }

    private void goOn(Ring ring, Operation operation, int done, int justMoved) {
        ByteBuffer user = Objects.requireNonNull(operation.userBuffer());
        int left = operation.userLength() - done;
        if (user.isDirect()) {
            operation.memory(user, operation.userStart() + done, left);
        } else {
            operation.memory(Objects.requireNonNull(operation.memory()), 0, Math.min(left, BounceBuffers.LARGEST));
            fillBounce(operation);
        }
        boolean atPosition = operation.opCode() == OpCode.READ || operation.opCode() == OpCode.WRITE;
        if (atPosition && operation.position() >= 0) { // below is the file's own position, which moves by itself
            operation.position(operation.position() + justMoved);
        }
        ring.submit(operation);
    }

    private void fillBounce(Operation operation) {
        if (!fills()) {
            ByteBuffer user = Objects.requireNonNull(operation.userBuffer());
            ByteBuffer bounce = Objects.requireNonNull(operation.memory());
            int from = operation.userStart() + (int) operation.progress();
            bounce.put(0, user.duplicate().clear(), from, operation.length());
        }
    }

    private static void emptyBounce(Operation operation, int bytes) {
        ByteBuffer user = Objects.requireNonNull(operation.userBuffer());
        ByteBuffer bounce = Objects.requireNonNull(operation.memory());
        int to = operation.userStart() + (int) operation.progress();
        user.duplicate().clear().put(to, bounce, 0, bytes);
    }

    private void finish(Operation operation, int value, @Nullable Throwable failure) {
        ByteBuffer user = Objects.requireNonNull(operation.userBuffer());
        ByteBuffer memory = Objects.requireNonNull(operation.memory());
        if (!operation.isLeftInKernel() && !user.isDirect()) {
            BounceBuffers.giveBack(memory);
        }
        if (failure != null) {
            cutLine(operation, failure);
        }
        Throwable touched = advance(operation);
        end(operation, value, failure == null ? touched : failure);
    }

    /** What was moved is behind the caller's position; answers what is wrong, if the caller meddled with it. */
    private static @Nullable Throwable advance(Operation operation) {
        ByteBuffer user = Objects.requireNonNull(operation.userBuffer());
        int moved = operation.userStart() + (int) operation.progress();
        if (moved <= user.limit()) {
            user.position(moved);
            return null;
        }
        return new IllegalStateException("The buffer's limit was lowered to " + user.limit()
                + " while the kernel used it up to " + moved + ": a buffer in flight must not be touched");
    }

    /** What waits in line behind a part must not be taken for the rest. */
    private static void cutLine(Operation operation, Throwable failure) {
        Handle ordered = operation.lineOf();
        if (ordered != null && operation.progress() > 0) {
            ordered.line()
                    .cut(
                            operation.progress() + " of " + operation.userLength()
                                    + " bytes of an earlier send went out",
                            failure);
        }
    }

    private static void end(Operation operation, int value, @Nullable Throwable failure) {
        RingCallback<Integer> callback = callback(operation);
        if (operation.lease() != null && !operation.isLeftInKernel()) {
            operation.lease().kernelLetsGo(); // from here on the buffer may be somebody else's
        }
        if (failure == null) {
            callback.completed(BoxedCounts.of(value));
        } else {
            callback.failed(failure);
        }
    }

    @SuppressWarnings("unchecked") // start() sets it
    private static RingCallback<Integer> callback(Operation operation) {
        return (RingCallback<Integer>) Objects.requireNonNull(operation.callback());
    }
}
