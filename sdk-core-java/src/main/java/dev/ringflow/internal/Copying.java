package dev.ringflow.internal;

import dev.ringflow.OperationTimeoutException;
import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingException;
import dev.ringflow.Support;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes from a file to a file or socket: through a pipe, by reference where the kernel can, or else through a
 * buffer. One object for each request, and one operation, which is submitted again for each part. Started on any
 * thread, then confined to the loop thread.
 */
public final class Copying implements OperationHandler {
    /** What a pipe holds at most. */
    private static final int PART = 1 << 20;

    /**
     * One side of a copy.
     *
     * @param handle an open handle
     * @param position where in a file, -1 for a socket
     * @param owner the file or socket, for messages
     */
    public record Side(Handle handle, long position, Object owner) {
        private boolean isSocket() {
            return position < 0;
        }

        private long positionAfter(long moved) {
            return isSocket() ? -1 : position + moved;
        }
    }

    private final Side source;
    private final Side target;
    private final long bytes;
    private final RingCallback<Long> callback;
    private PipePool.@Nullable Pipe pipe;
    private @Nullable ByteBuffer buffer;

    /** Bytes that have arrived. */
    private long moved;

    /** Bytes that are on their way, in the pipe or buffer. */
    private int between;

    /** Where in the buffer they begin. */
    private int bufferOffset;

    private long partBegan;

    /**
     * Prepares a copy.
     *
     * @param source a file
     * @param target a file or socket on the same ring
     * @param bytes at most so many
     * @param callback whom to tell: the number of bytes, less than asked for at the end of the source
     */
    public Copying(Side source, Side target, long bytes, RingCallback<Long> callback) {
        this.source = source;
        this.target = target;
        this.bytes = bytes;
        this.callback = callback;
    }

    /**
     * Starts.
     *
     * @param operation an operation with nothing filled in but its time limit
     * @param bySplicing whether a pipe may be used if there are any
     */
    public void start(Operation operation, boolean bySplicing) {
        Ring ring = operation.ring();
        operation.handler(this).callback(callback);
        if (target.isSocket()) {
            operation.lineOf(target.handle);
        }
        callback.submitted(ring, operation, operation.activation());
        if (bytes == 0) {
            submit(operation.opCode(OpCode.NOP), source);
        } else if (bySplicing && ring.capabilities().support(OpCode.SPLICE_IN) != Support.NONE) {
            pipe = PipePool.of(ring).take();
            if (pipe == null) {
                ring.submit(operation.opCode(OpCode.PIPE).flags(PART).owner(source.owner));
            } else {
                fill(operation);
            }
        } else {
            begin(operation);
        }
    }

    private void begin(Operation operation) {
        buffer = BounceBuffers.take(BounceBuffers.LARGEST);
        fill(operation);
    }

    /** From the source to where the bytes wait. */
    private void fill(Operation operation) {
        long left = bytes - moved;
        if (left == 0) {
            finish(operation, null);
            return;
        }
        if (buffer != null) {
            int length = (int) Math.min(left, buffer.capacity());
            operation.opCode(OpCode.READ).secondHandle(null).memory(buffer, 0, length);
        } else {
            operation
                    .opCode(OpCode.SPLICE_IN)
                    .secondHandle(Objects.requireNonNull(pipe).writingEnd())
                    .extent(Math.min(left, PART));
        }
        submit(operation, source);
    }

    /** From where they wait to the target. */
    private void empty(Operation operation) {
        if (buffer != null) {
            operation.opCode(target.isSocket() ? OpCode.SEND : OpCode.WRITE).memory(buffer, bufferOffset, between);
        } else {
            operation
                    .opCode(OpCode.SPLICE_OUT)
                    .secondHandle(Objects.requireNonNull(pipe).readingEnd())
                    .extent(between);
        }
        submit(operation, target);
    }

    private void submit(Operation operation, Side side) {
        operation.handle(side.handle).position(side.positionAfter(moved)).owner(side.owner);
        partBegan = System.nanoTime();
        operation.ring().submit(operation);
    }

    @Override
    public void completed(Operation operation, int result, int flags) {
        if (result < 0) {
            failed(operation, operation.ring().failure(operation, result));
            return;
        }
        switch (operation.opCode()) {
            case PIPE -> {
                Handle writingEnd = (Handle) Objects.requireNonNull(operation.resultObject());
                operation.resultObject(null);
                pipe = new PipePool.Pipe(operation.takeResultHandle(), writingEnd);
                fill(operation);
            }
            case READ, SPLICE_IN -> {
                between = result;
                bufferOffset = 0;
                if (result == 0) {
                    finish(operation, null);
                } else {
                    empty(operation);
                }
            }
            case WRITE, SEND, SPLICE_OUT -> arrived(operation, result);
            default -> finish(operation, null);
        }
    }

    private void arrived(Operation operation, int result) {
        if (result == 0) {
            finish(
                    operation,
                    new IOException(target.owner + " took no byte; " + moved + " of " + bytes + " bytes were copied"));
            return;
        }
        moved += result;
        between -= result;
        bufferOffset += result;
        if (moved < bytes && isTimeOver(operation)) {
            Duration time = Duration.ofNanos(operation.timeoutNanos());
            finish(operation, new OperationTimeoutException("copy to " + target.owner, time));
        } else if (between > 0) {
            empty(operation);
        } else {
            fill(operation);
        }
    }

    /** A part that was cancelled for taking too long may have moved something all the same. */
    private boolean isTimeOver(Operation operation) {
        long time = operation.timeoutNanos();
        return time > 0 && operation.isCancelRequested() && System.nanoTime() - partBegan >= time;
    }

    /** Some files cannot be spliced: what is in the pipe is read again, and the rest goes through a buffer. */
    private void failed(Operation operation, Throwable failure) {
        if (pipe != null
                && failure instanceof RingException known
                && known.codeName().equals("EINVAL")) {
            letPipeGo(operation);
            between = 0;
            begin(operation);
        } else if (failure instanceof CancellationException && !(source.handle.isOpen() && target.handle.isOpen())) {
            finish(operation, new AsynchronousCloseException()); // of the side that was not at work just then
        } else {
            finish(operation, failure);
        }
    }

    private void finish(Operation operation, @Nullable Throwable failure) {
        if (failure != null && target.isSocket() && moved + between > 0) {
            target.handle.line().cut(moved + " of " + bytes + " bytes of a copy or more went out", failure);
        }
        letPipeGo(operation);
        if (buffer != null && !operation.isLeftInKernel()) {
            BounceBuffers.giveBack(buffer);
        }
        if (failure == null) {
            callback.completed(moved);
        } else {
            callback.failed(failure);
        }
    }

    private void letPipeGo(Operation operation) {
        PipePool.Pipe held = pipe;
        pipe = null;
        if (held == null) {
            return;
        }
        PipePool pool = PipePool.of(operation.ring());
        if (between == 0 && !operation.isLeftInKernel()) {
            pool.giveBack(held);
        } else {
            pool.close(held);
        }
    }
}
