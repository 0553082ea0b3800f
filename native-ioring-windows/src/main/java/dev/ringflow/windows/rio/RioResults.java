package dev.ringflow.windows.rio;

import dev.ringflow.windows.internal.DirectMemory;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A batch of completions, used again and again: {@link RioCompletionQueue#dequeue} fills it, and the methods here
 * read one completion each. Belongs to one thread.
 */
public final class RioResults {
    private final ByteBuffer memory;
    private final long address;
    private final @Nullable RioRequestQueue[] queues;
    private final long[] contexts;
    private final boolean[] sends;
    private int count;

    private RioResults(final int capacity) {
        memory = DirectMemory.allocate(capacity * RioLayout.RESULT_SIZE, Long.BYTES);
        address = DirectMemory.address(memory);
        queues = new RioRequestQueue[capacity];
        contexts = new long[capacity];
        sends = new boolean[capacity];
    }

    /**
     * Makes room for completions.
     *
     * @param capacity how many at most in one batch, 1 to 4096; 32 is usual
     * @return an empty batch
     */
    public static RioResults allocate(final int capacity) {
        if (capacity < 1 || capacity > 4096) {
            throw new IllegalArgumentException("a batch has 1 to 4096 completions, not " + capacity);
        }
        return new RioResults(capacity);
    }

    long address() {
        return address;
    }

    /**
     * How many completions fit.
     *
     * @return completions
     */
    public int capacity() {
        return contexts.length;
    }

    /**
     * How many completions the last call brought.
     *
     * @return completions
     */
    public int count() {
        return count;
    }

    void clear() {
        for (int i = 0; i < count; i++) {
            queues[i] = null;
        }
        count = 0;
    }

    void add(final RioRequestQueue queue, final long context, final boolean send) {
        queues[count] = queue;
        contexts[count] = context;
        sends[count++] = send;
    }

    long socketContext(final int index) {
        return memory.getLong(index * RioLayout.RESULT_SIZE + RioLayout.RESULT_SOCKET_CONTEXT);
    }

    long requestContext(final int index) {
        return memory.getLong(index * RioLayout.RESULT_SIZE + RioLayout.RESULT_REQUEST_CONTEXT);
    }

    private int at(final int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("completion " + index + " of " + count);
        }
        return index;
    }

    /**
     * The socket's request queue.
     *
     * @param index the completion, from 0 on
     * @return the queue, which may be closed meanwhile
     */
    public RioRequestQueue queue(final int index) {
        final RioRequestQueue queue = queues[at(index)];
        if (queue == null) {
            throw new AssertionError("each completion has a request queue");
        }
        return queue;
    }

    /**
     * What the request carried.
     *
     * @param index the completion, from 0 on
     * @return the context
     */
    public long context(final int index) {
        return contexts[at(index)];
    }

    /**
     * Whether it was a request to send.
     *
     * @param index the completion, from 0 on
     * @return true for send, false for receive
     */
    public boolean isSend(final int index) {
        return sends[at(index)];
    }

    /**
     * The error of the request.
     *
     * @param index the completion, from 0 on
     * @return 0 for success, or one of {@link dev.ringflow.windows.iocp.WinsockError}
     */
    public int error(final int index) {
        return memory.getInt(at(index) * RioLayout.RESULT_SIZE + RioLayout.RESULT_STATUS);
    }

    /**
     * The number of bytes that went or came.
     *
     * @param index the completion, from 0 on
     * @return bytes; 0 without error, of a receive on a stream, is its end
     */
    public int bytes(final int index) {
        return memory.getInt(at(index) * RioLayout.RESULT_SIZE + RioLayout.RESULT_BYTES);
    }
}
