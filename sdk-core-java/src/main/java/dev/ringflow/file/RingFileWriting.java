package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.internal.Transfer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;

/** Writing at a position. {@link RingFile} is the class to use. */
public abstract class RingFileWriting extends RingFileReading {
    RingFileWriting(Ring ring, Handle handle, Path path, int openFlags) {
        super(ring, handle, path, openFlags);
    }

    RingFileWriting(RingFileState file, long timeoutNanos) {
        super(file, timeoutNanos);
    }

    /**
     * Writes up to as many bytes as remain in the buffer; on a file system with space, all of them.
     *
     * @param buffer where from
     * @param position where to; a file opened with {@code APPEND} ignores it
     * @return a future of the number of bytes
     * @throws IllegalArgumentException if {@code position} is negative
     * @throws NonWritableChannelException if the file was not opened for writing
     */
    public RingFuture<Integer> writeAsync(ByteBuffer buffer, long position) {
        RingFuture<Integer> future = new RingFuture<>();
        write(buffer, position, future);
        return future;
    }

    /**
     * Writes from a pooled buffer; with registered memory where the ring has it.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param position where to
     * @return a future of the number of bytes
     */
    public RingFuture<Integer> writeAsync(RingBuffer buffer, long position) {
        RingFuture<Integer> future = new RingFuture<>();
        write(buffer, position, future);
        return future;
    }

    /**
     * Writes until nothing remains in the buffer.
     *
     * @param buffer where from
     * @param position where to
     * @return a future of the number of bytes; when it fails the buffer's position tells what was written
     */
    public RingFuture<Integer> writeFullyAsync(ByteBuffer buffer, long position) {
        RingFuture<Integer> future = new RingFuture<>();
        writeFully(buffer, position, future);
        return future;
    }

    /**
     * Writes until nothing remains in a pooled buffer; with registered memory where the ring has it.
     *
     * @param buffer a lease
     * @param position where to
     * @return a future of the number of bytes
     */
    public RingFuture<Integer> writeFullyAsync(RingBuffer buffer, long position) {
        RingFuture<Integer> future = new RingFuture<>();
        writeFully(buffer, position, future);
        return future;
    }

    /**
     * The callback form of {@link #writeAsync(ByteBuffer, long)}.
     *
     * @param buffer where from
     * @param position where to
     * @param callback whom to tell
     */
    public void write(ByteBuffer buffer, long position, RingCallback<Integer> callback) {
        Transfer.OUT_ONCE.start(transfer(OpCode.WRITE, position, buffer.remaining()), buffer, callback);
    }

    /**
     * The callback form of {@link #writeAsync(RingBuffer, long)}.
     *
     * @param buffer a lease
     * @param position where to
     * @param callback whom to tell
     */
    public void write(RingBuffer buffer, long position, RingCallback<Integer> callback) {
        int bytes = buffer.byteBuffer().remaining();
        Transfer.OUT_ONCE.start(transfer(OpCode.WRITE, position, bytes), buffer, callback);
    }

    /**
     * The callback form of {@link #writeFullyAsync(ByteBuffer, long)}.
     *
     * @param buffer where from
     * @param position where to
     * @param callback whom to tell
     */
    public void writeFully(ByteBuffer buffer, long position, RingCallback<Integer> callback) {
        Transfer.OUT_FULLY.start(transfer(OpCode.WRITE, position, buffer.remaining()), buffer, callback);
    }

    /**
     * The callback form of {@link #writeFullyAsync(RingBuffer, long)}.
     *
     * @param buffer a lease
     * @param position where to
     * @param callback whom to tell
     */
    public void writeFully(RingBuffer buffer, long position, RingCallback<Integer> callback) {
        int bytes = buffer.byteBuffer().remaining();
        Transfer.OUT_FULLY.start(transfer(OpCode.WRITE, position, bytes), buffer, callback);
    }
}
