package dev.ringflow.internal;

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
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes from a connection to another one until the end of the stream, which is passed on: through a pipe, by
 * reference where the kernel can, or else through a buffer. Where the driver can tell that bytes are there, neither pipe nor
 * buffer is held while there are none. One object for each request, and one operation, which is submitted again for each
 * step. Started on any thread, then confined to the loop thread.
 */
public final class Piping implements OperationHandler {
    private static final int READABLE = 1;
    private static final int WRITABLE = 4;
    private static final int SENDING_SIDE = 0;
    private static final int DO_NOT_WAIT = 1;
    private static final int PIPE_SIZE = 1 << 20;
    /** So much at once: what a socket takes does not keep a worker thread of the kernel waiting. */
    private static final int PART = 1 << 16;

    private final Handle source;
    private final Object sourceOwner;
    private final Handle target;
    private final Object targetOwner;
    private final RingCallback<Long> callback;
    private boolean bySplicing;
    private boolean polls;
    private PipePool.@Nullable Pipe pipe;
    private @Nullable ByteBuffer buffer;
    private long moved;

    /** Bytes that have left the source and not reached the target. */
    private int between;

    private int bufferOffset;
    private boolean ended;

    /**
     * Prepares to move.
     *
     * @param source where from
     * @param sourceOwner its connection, for messages
     * @param target where to, on the same ring
     * @param targetOwner its connection, for messages
     * @param callback whom to tell: the number of bytes
     */
    public Piping(Handle source, Object sourceOwner, Handle target, Object targetOwner, RingCallback<Long> callback) {
        this.source = source;
        this.sourceOwner = sourceOwner;
        this.target = target;
        this.targetOwner = targetOwner;
        this.callback = callback;
    }

    /**
     * Starts.
     *
     * @param operation an operation with nothing filled in
     * @param splices whether pipes may be used if there are any
     */
    public void start(Operation operation, boolean splices) {
        Ring ring = operation.ring();
        polls = ring.capabilities().support(OpCode.POLL) != Support.NONE;
        bySplicing = splices && polls && ring.capabilities().support(OpCode.SPLICE_IN) != Support.NONE;
        operation.handler(this).callback(callback).lineOf(target);
        callback.submitted(ring, operation, operation.activation());
        await(operation);
    }

    private void await(Operation operation) {
        if (polls) {
            onSource(operation.opCode(OpCode.POLL).flags(READABLE));
        } else {
            fill(operation);
        }
    }

    private void fill(Operation operation) {
        if (bySplicing) {
            PipePool.Pipe held =
                    pipe != null ? pipe : PipePool.of(operation.ring()).take();
            pipe = held;
            if (held == null) {
                onSource(operation.opCode(OpCode.PIPE).flags(PIPE_SIZE));
            } else {
                onSource(operation
                        .opCode(OpCode.SPLICE_IN)
                        .flags(DO_NOT_WAIT)
                        .secondHandle(held.writingEnd())
                        .extent(PART));
            }
            return;
        }
        ByteBuffer memory = buffer != null ? buffer : BounceBuffers.take(polls ? PART : BounceBuffers.SMALL);
        buffer = memory;
        onSource(operation.opCode(OpCode.RECEIVE).flags(0).secondHandle(null).memory(memory, 0, memory.capacity()));
    }

    private void empty(Operation operation) {
        if (bySplicing) {
            operation
                    .opCode(OpCode.SPLICE_OUT)
                    .flags(DO_NOT_WAIT)
                    .secondHandle(Objects.requireNonNull(pipe).readingEnd())
                    .extent(between);
        } else {
            operation.opCode(OpCode.SEND).flags(0).memory(Objects.requireNonNull(buffer), bufferOffset, between);
        }
        onTarget(operation);
    }

    private void onSource(Operation operation) {
        Handle handle = operation.opCode() == OpCode.PIPE ? null : source;
        if (operation.opCode() == OpCode.POLL) {
            operation.secondHandle(null);
        }
        operation.handle(handle).position(-1).owner(sourceOwner);
        operation.ring().submit(operation);
    }

    private void onTarget(Operation operation) {
        operation.handle(target).position(-1).owner(targetOwner);
        operation.ring().submit(operation);
    }

    @Override
    public void completed(Operation operation, int result, int flags) {
        if (result < 0) {
            failed(operation, operation.ring().failure(operation, result));
            return;
        }
        switch (operation.opCode()) {
            case POLL -> {
                if (between > 0) {
                    empty(operation);
                } else {
                    fill(operation);
                }
            }
            case PIPE -> {
                Handle writingEnd = (Handle) Objects.requireNonNull(operation.resultObject());
                operation.resultObject(null);
                pipe = new PipePool.Pipe(operation.takeResultHandle(), writingEnd);
                fill(operation);
            }
            case RECEIVE, SPLICE_IN -> {
                between = result;
                bufferOffset = 0;
                if (result == 0) {
                    ended = true;
                    onTarget(operation
                            .opCode(OpCode.SHUTDOWN)
                            .flags(SENDING_SIDE)
                            .secondHandle(null));
                } else if (bySplicing) {
                    awaitTarget(operation);
                } else {
                    empty(operation);
                }
            }
            case SEND, SPLICE_OUT -> arrived(operation, result);
            default -> finish(operation, null);
        }
    }

    /** A splice into a socket that is full would keep a worker thread of the kernel waiting. */
    private void awaitTarget(Operation operation) {
        onTarget(operation.opCode(OpCode.POLL).flags(WRITABLE).secondHandle(null));
    }

    private void arrived(Operation operation, int result) {
        if (result == 0) {
            finish(operation, new IOException(targetOwner + " took no byte of " + sourceOwner));
            return;
        }
        moved += result;
        between -= result;
        bufferOffset += result;
        if (between > 0) {
            if (bySplicing) {
                awaitTarget(operation);
            } else {
                empty(operation);
            }
            return;
        }
        if (polls) {
            letGo(operation);
        }
        await(operation);
    }

    private void failed(Operation operation, Throwable failure) {
        String code = failure instanceof RingException known ? known.codeName() : "";
        boolean splice = operation.opCode() == OpCode.SPLICE_IN || operation.opCode() == OpCode.SPLICE_OUT;
        if (splice && code.equals("EAGAIN")) {
            if (operation.opCode() == OpCode.SPLICE_IN) {
                await(operation);
            } else {
                awaitTarget(operation);
            }
        } else if (splice && between == 0 && code.equals("EINVAL")) {
            letGo(operation);
            bySplicing = false;
            fill(operation);
        } else if (failure instanceof CancellationException && !(source.isOpen() && target.isOpen())) {
            finish(operation, new AsynchronousCloseException()); // of the side that was not at work just then
        } else {
            finish(operation, failure);
        }
    }

    private void finish(Operation operation, @Nullable Throwable failure) {
        if (failure != null && between > 0) {
            target.line().cut("bytes of " + sourceOwner + " were lost on their way after " + moved, failure);
        }
        letGo(operation);
        if (failure == null && ended) {
            callback.completed(moved);
        } else {
            callback.failed(failure != null ? failure : new IOException("The end of " + sourceOwner + " never came"));
        }
    }

    private void letGo(Operation operation) {
        PipePool.Pipe held = pipe;
        ByteBuffer lent = buffer;
        pipe = null;
        buffer = null;
        if (held != null) {
            PipePool pool = PipePool.of(operation.ring());
            if (between == 0 && !operation.isLeftInKernel()) {
                pool.giveBack(held);
            } else {
                pool.close(held);
            }
        }
        if (lent != null && !operation.isLeftInKernel()) {
            BounceBuffers.giveBack(lent);
        }
    }
}
