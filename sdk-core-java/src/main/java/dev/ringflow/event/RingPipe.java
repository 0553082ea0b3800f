package dev.ringflow.event;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.internal.Answer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A pipe: what is written at one end is read at the other; see pipe(7). Any thread may use it.
 *
 * <p>The reader comes to the end when the writing end is closed and everything is read; the writer fails when the
 * reading end is closed. Where the driver has none of the kernel's pipes, as that of NIO, it is the JDK's
 * {@link java.nio.channels.Pipe}, which cannot be spliced.
 */
public final class RingPipe implements AutoCloseable {
    private static final Answer<RingPipe> OPENED = new Answer<>() {
        @Override
        protected RingPipe value(Operation operation, int result) {
            Handle writingEnd = (Handle) Objects.requireNonNull(operation.resultObject());
            return new RingPipe(operation.ring(), operation.takeResultHandle(), writingEnd);
        }

        @Override
        protected void discard(RingPipe pipe) {
            pipe.closeAsync();
        }
    };

    private final PipeSource source;
    private final PipeSink sink;

    private RingPipe(Ring ring, Handle readingEnd, Handle writingEnd) {
        this.source = new PipeSource(ring, readingEnd);
        this.sink = new PipeSink(ring, writingEnd);
    }

    /**
     * Opens a pipe; the callback form of {@link Ring#pipeAsync(int)}.
     *
     * @param ring the ring
     * @param capacity how many bytes it should hold, 0 for what the system finds right; a wish
     * @param callback whom to tell
     */
    public static void open(Ring ring, int capacity, RingCallback<RingPipe> callback) {
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity must be at least 0, got " + capacity);
        }
        OPENED.start(ring.operation().opCode(OpCode.PIPE).flags(capacity), callback);
    }

    /**
     * The end to read from.
     *
     * @return always the same object
     */
    public PipeSource source() {
        return source;
    }

    /**
     * The end to write to.
     *
     * @return always the same object
     */
    public PipeSink sink() {
        return sink;
    }

    /**
     * Closes both ends: cancels what is in flight on them, and waits until the kernel has let go. Closing again has
     * no effect.
     *
     * @return a future that completes when both are closed
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        // the reader first, who would else take the writer's closing for the end of the bytes
        return source.closeAsync().thenCombine(sink.closeAsync(), (nothing, either) -> null);
    }

    /** Does what {@link #closeAsync} does, and waits for it except on the loop thread. */
    @Override
    public void close() {
        source.close();
        sink.close();
    }

    @Override
    public String toString() {
        return "RingPipe[" + source + ", " + sink + "]";
    }
}
