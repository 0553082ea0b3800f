package dev.ringflow.internal;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes between several buffers of a caller and a file or connection, in as many operations as it takes. One object for each
 * request. Heap buffers are moved through one direct buffer, as far as that reaches in one operation.
 */
public final class VectorTransfer implements OperationHandler {
    /** The most pieces that a system takes at once; {@code IOV_MAX}. */
    private static final int MOST_PIECES = 1024;

    private static final int LONGEST = 1 << 30;

    private final ByteBuffer[] buffers;
    private final int[] starts;
    private final int[] lengths;
    private final long total;
    private final boolean fills;
    private final boolean fully;
    private @Nullable ByteBuffer bounce;

    /** The buffer that comes next, and how much of it is done. */
    private int current;

    private int doneOfCurrent;

    private VectorTransfer(ByteBuffer[] buffers, boolean fills, boolean fully) {
        this.buffers = buffers.clone();
        this.fills = fills;
        this.fully = fully;
        starts = new int[buffers.length];
        lengths = new int[buffers.length];
        long sum = 0;
        for (int i = 0; i < buffers.length; i++) {
            ByteBuffer each = Objects.requireNonNull(this.buffers[i], "buffer");
            if (fills) {
                Transfer.checkWritable(each);
            }
            starts[i] = each.position();
            lengths[i] = each.remaining();
            sum += lengths[i];
        }
        total = sum;
    }

    /**
     * Prepares to fill buffers.
     *
     * @param buffers the caller's buffers, one after the other
     * @param fully whether to go on until all are full
     * @return a request to be started
     * @throws java.nio.ReadOnlyBufferException if one of them is read-only
     */
    public static VectorTransfer in(ByteBuffer[] buffers, boolean fully) {
        return new VectorTransfer(buffers, true, fully);
    }

    /**
     * Prepares to empty buffers.
     *
     * @param buffers the caller's buffers, one after the other
     * @param fully whether to go on until all are empty
     * @return a request to be started
     */
    public static VectorTransfer out(ByteBuffer[] buffers, boolean fully) {
        return new VectorTransfer(buffers, false, fully);
    }

    /**
     * How much there is to move.
     *
     * @return bytes
     */
    public long total() {
        return total;
    }

    /**
     * Starts.
     *
     * @param operation an operation with code, handle, owner and position
     * @param callback whom to tell: the number of bytes, or -1 at the end of the file unless all were to be filled
     */
    public void start(Operation operation, RingCallback<Long> callback) {
        operation.handler(this).callback(callback);
        if (total == 0) {
            operation.opCode(OpCode.NOP);
        } else {
            operation.argument(pieces());
        }
        Ring ring = operation.ring();
        callback.submitted(ring, operation, operation.activation());
        ring.submit(operation);
    }

    /** What one operation can take of what is left. */
    private ByteBuffer[] pieces() {
        List<ByteBuffer> pieces = new ArrayList<>(Math.min(MOST_PIECES, buffers.length - current));
        int index = current;
        int from = doneOfCurrent;
        int room = LONGEST;
        int lent = 0;
        while (index < buffers.length && pieces.size() < MOST_PIECES && room > 0) {
            int left = lengths[index] - from;
            int bytes = Math.min(left, room);
            if (bytes > 0 && buffers[index].isDirect()) {
                pieces.add(buffers[index].duplicate().clear().slice(starts[index] + from, bytes));
            } else if (bytes > 0) {
                ByteBuffer direct = bounce();
                bytes = Math.min(bytes, direct.capacity() - lent);
                if (bytes == 0) {
                    break;
                }
                pieces.add(lend(direct, lent, index, from, bytes));
                lent += bytes;
            }
            if (bytes < left) {
                break;
            }
            room -= bytes;
            index++;
            from = 0;
        }
        return pieces.toArray(ByteBuffer[]::new);
    }

    private ByteBuffer bounce() {
        ByteBuffer taken = bounce;
        if (taken == null) {
            taken = BounceBuffers.take((int) Math.min(total, BounceBuffers.LARGEST));
            bounce = taken;
        }
        return taken;
    }

    private ByteBuffer lend(ByteBuffer direct, int at, int index, int from, int bytes) {
        if (!fills) {
            direct.put(at, buffers[index].duplicate().clear(), starts[index] + from, bytes);
        }
        return direct.slice(at, bytes);
    }

    @Override
    public void completed(Operation operation, int result, int flags) {
        if (result < 0) {
            finish(operation, 0, operation.ring().failure(operation, result));
            return;
        }
        if (result > 0) {
            advance(operation.vector(), result);
        }
        long done = operation.progress() + result;
        operation.progress(done);
        if (!fully || done == total) {
            finish(operation, result == 0 && fills && total > 0 ? -1 : done, null);
        } else if (result > 0) {
            if (operation.position() >= 0) {
                operation.position(operation.position() + result);
            }
            operation.argument(pieces());
            operation.ring().submit(operation);
        } else {
            String moved = done + " of " + total + " bytes";
            finish(
                    operation,
                    0,
                    fills
                            ? new EOFException("The end came after " + moved + " of " + operation.owner())
                            : new IOException("The system took no byte of " + operation.owner() + ", " + moved
                                    + " were written"));
        }
    }

    private void advance(ByteBuffer[] pieces, int moved) {
        int left = moved;
        for (int i = 0; left > 0; i++) {
            while (doneOfCurrent == lengths[current]) {
                current++;
                doneOfCurrent = 0;
            }
            int bytes = Math.min(left, pieces[i].remaining());
            if (fills && !buffers[current].isDirect()) {
                buffers[current].duplicate().clear().put(starts[current] + doneOfCurrent, pieces[i], 0, bytes);
            }
            doneOfCurrent += bytes;
            left -= bytes;
        }
    }

    @SuppressWarnings("unchecked") // start() sets it
    private void finish(Operation operation, long value, @Nullable Throwable failure) {
        RingCallback<Long> callback = (RingCallback<Long>) Objects.requireNonNull(operation.callback());
        if (bounce != null && !operation.isLeftInKernel()) {
            BounceBuffers.giveBack(bounce);
        }
        Handle ordered = operation.lineOf();
        if (failure != null && ordered != null && operation.progress() > 0) {
            ordered.line().cut(operation.progress() + " of " + total + " bytes of an earlier send went out", failure);
        }
        Throwable told = failure;
        for (int i = 0; i <= current && i < buffers.length; i++) {
            int end = starts[i] + (i < current ? lengths[i] : doneOfCurrent);
            if (end > buffers[i].limit()) {
                told = told != null ? told : touched(buffers[i], end);
            } else if (end > buffers[i].position()) { // a buffer that is there twice ends where the longer part does
                buffers[i].position(end);
            }
        }
        if (told == null) {
            callback.completed(value);
        } else {
            callback.failed(told);
        }
    }

    private static IllegalStateException touched(ByteBuffer buffer, int end) {
        return new IllegalStateException("A buffer's limit was lowered to " + buffer.limit()
                + " while the kernel used it up to " + end + ": a buffer in flight must not be touched");
    }
}
