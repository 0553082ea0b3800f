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
 * The end of a pipe to read from. Any thread may use it; two reads in flight together share the bytes in no certain
 * way. A buffer belongs to the kernel until the future's {@link RingFuture#released()} completes.
 */
public final class PipeSource extends PipeEnd {
    PipeSource(Ring ring, Handle handle) {
        super(ring, handle);
    }

    /**
     * Reads at least 1, and up to as many bytes as remain in the buffer; waits while the pipe is empty.
     *
     * @param buffer where to
     * @return a future of the number of bytes, -1 at the end: when no writing end is open and everything is read; 0 if
     *     nothing remains in the buffer
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
     */
    public RingFuture<Integer> readAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        read(buffer, future);
        return future;
    }

    /**
     * The callback form of {@link #readAsync}.
     *
     * @param buffer where to
     * @param callback whom to tell
     */
    public void read(ByteBuffer buffer, RingCallback<Integer> callback) {
        start(Transfer.IN_ONCE, buffer, callback);
    }

    /**
     * Reads until nothing remains in the buffer.
     *
     * @param buffer where to
     * @return a future of the number of bytes; fails with {@link java.io.EOFException} if the end comes before, and
     *     then the buffer's position tells what was read
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
     */
    public RingFuture<Integer> readFullyAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        readFully(buffer, future);
        return future;
    }

    /**
     * The callback form of {@link #readFullyAsync}.
     *
     * @param buffer where to
     * @param callback whom to tell
     */
    public void readFully(ByteBuffer buffer, RingCallback<Integer> callback) {
        start(Transfer.IN_FULLY, buffer, callback);
    }

    private void start(Transfer transfer, ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.checkWritable(buffer);
        OpCode code = buffer.hasRemaining() ? OpCode.READ : OpCode.NOP; // a pipe would wait for a byte to come
        transfer.start(operation(code), buffer, callback);
    }

    /**
     * Moves bytes from the pipe to a file without copying them through this process; see splice(2).
     *
     * @param file a file of the same ring, open for writing
     * @param position where to, in bytes from its beginning
     * @param count at most how many bytes, at least 1
     * @return a future of the number of bytes, -1 at the end of the pipe; fails with
     *     {@link UnsupportedOperationException} where the driver has none of the kernel's pipes
     */
    public RingFuture<Integer> spliceToAsync(RingFile file, long position, int count) {
        RingFuture<Integer> future = new RingFuture<>();
        spliceTo(file, position, count, future);
        return future;
    }

    /**
     * The callback form of {@link #spliceToAsync(RingFile, long, int)}.
     *
     * @param file a file of the same ring, open for writing
     * @param position where to
     * @param count at most how many bytes
     * @param callback whom to tell
     */
    public void spliceTo(RingFile file, long position, int count, RingCallback<Integer> callback) {
        splice(OpCode.SPLICE_OUT, file, position, count, callback);
    }

    /**
     * Sends bytes from the pipe over a connection without copying them through this process; see splice(2).
     *
     * @param socket a connection of the same ring
     * @param count at most how many bytes, at least 1
     * @return a future of the number of bytes, -1 at the end of the pipe; fails with
     *     {@link UnsupportedOperationException} where the driver has none of the kernel's pipes
     */
    public RingFuture<Integer> spliceToAsync(RingSocket socket, int count) {
        RingFuture<Integer> future = new RingFuture<>();
        spliceTo(socket, count, future);
        return future;
    }

    /**
     * The callback form of {@link #spliceToAsync(RingSocket, int)}.
     *
     * @param socket a connection of the same ring
     * @param count at most how many bytes
     * @param callback whom to tell
     */
    public void spliceTo(RingSocket socket, int count, RingCallback<Integer> callback) {
        splice(OpCode.SPLICE_OUT, socket, count, callback);
    }
}
