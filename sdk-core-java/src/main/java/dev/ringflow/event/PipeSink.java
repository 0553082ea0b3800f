package dev.ringflow.event;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.file.RingFile;
import dev.ringflow.internal.Transfer;
import dev.ringflow.net.RingSocket;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import java.nio.ByteBuffer;

/**
 * The end of a pipe to write to. Any thread may use it; bytes of two writes in flight together may mix. A buffer
 * belongs to the kernel until the future's {@link RingFuture#released()} completes.
 */
public final class PipeSink extends PipeEnd {
    PipeSink(Ring ring, Handle handle) {
        super(ring, handle);
    }

    /**
     * Writes at least 1, and up to as many bytes as remain in the buffer; waits while the pipe is full.
     *
     * @param buffer where from
     * @return a future of the number of bytes; fails with a {@link dev.ringflow.RingException} ({@code EPIPE}) when no
     *     reading end is open, and raises no signal
     */
    public RingFuture<Integer> writeAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        write(buffer, future);
        return future;
    }

    /**
     * The callback form of {@link #writeAsync}.
     *
     * @param buffer where from
     * @param callback whom to tell
     */
    public void write(ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_ONCE.start(operation(OpCode.WRITE), buffer, callback);
    }

    /**
     * Writes until nothing remains in the buffer.
     *
     * @param buffer where from
     * @return a future of the number of bytes; fails as {@link #writeAsync} does, and then the buffer's position
     *     tells what was written
     */
    public RingFuture<Integer> writeFullyAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        writeFully(buffer, future);
        return future;
    }

    /**
     * The callback form of {@link #writeFullyAsync}.
     *
     * @param buffer where from
     * @param callback whom to tell
     */
    public void writeFully(ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_FULLY.start(operation(OpCode.WRITE), buffer, callback);
    }

    /**
     * Moves bytes from a file into the pipe without copying them through this process; see splice(2).
     *
     * @param file a file of the same ring, open for reading
     * @param position where from, in bytes from its beginning
     * @param count at most how many bytes, at least 1
     * @return a future of the number of bytes, -1 at the end of the file; fails with
     *     {@link UnsupportedOperationException} where the driver has none of the kernel's pipes
     */
    public RingFuture<Integer> spliceFromAsync(RingFile file, long position, int count) {
        RingFuture<Integer> future = new RingFuture<>();
        spliceFrom(file, position, count, future);
        return future;
    }

    /**
     * The callback form of {@link #spliceFromAsync(RingFile, long, int)}.
     *
     * @param file a file of the same ring, open for reading
     * @param position where from
     * @param count at most how many bytes
     * @param callback whom to tell
     */
    public void spliceFrom(RingFile file, long position, int count, RingCallback<Integer> callback) {
        splice(OpCode.SPLICE_IN, file, position, count, callback);
    }

    /**
     * Receives from a connection into the pipe without copying the bytes through this process; see splice(2).
     *
     * @param socket a connection of the same ring
     * @param count at most how many bytes, at least 1
     * @return a future of the number of bytes, -1 when the peer has shut its side down; fails with
     *     {@link UnsupportedOperationException} where the driver has none of the kernel's pipes
     */
    public RingFuture<Integer> spliceFromAsync(RingSocket socket, int count) {
        RingFuture<Integer> future = new RingFuture<>();
        spliceFrom(socket, count, future);
        return future;
    }

    /**
     * The callback form of {@link #spliceFromAsync(RingSocket, int)}.
     *
     * @param socket a connection of the same ring
     * @param count at most how many bytes
     * @param callback whom to tell
     */
    public void spliceFrom(RingSocket socket, int count, RingCallback<Integer> callback) {
        splice(OpCode.SPLICE_IN, socket, count, callback);
    }
}
