package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.internal.Transfer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.Path;

/** Reading at a position. {@link RingFile} is the class to use. */
public abstract class RingFileReading extends RingFileState {
    RingFileReading(Ring ring, Handle handle, Path path, int openFlags) {
        super(ring, handle, path, openFlags);
    }

    RingFileReading(RingFileState file, long timeoutNanos) {
        super(file, timeoutNanos);
    }

    /**
     * Reads at least 1, and up to as many bytes as remain in the buffer.
     *
     * @param buffer where to
     * @param position where from, in bytes from the beginning of the file
     * @return a future of the number of bytes, -1 if {@code position} is at or after the end, 0 if nothing remains in
     *     the buffer
     * @throws IllegalArgumentException if {@code position} is negative
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
     * @throws NonReadableChannelException if the file was not opened for reading
     */
    public RingFuture<Integer> readAsync(ByteBuffer buffer, long position) {
        RingFuture<Integer> future = new RingFuture<>();
        read(buffer, position, future);
        return future;
    }

    /**
     * Reads into a pooled buffer; with registered memory where the ring has it. Otherwise as
     * {@link #readAsync(ByteBuffer, long)}.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param position where from
     * @return a future of the number of bytes, -1 at the end
     */
    public RingFuture<Integer> readAsync(RingBuffer buffer, long position) {
        RingFuture<Integer> future = new RingFuture<>();
        read(buffer, position, future);
        return future;
    }

    /**
     * Reads until nothing remains in the buffer.
     *
     * @param buffer where to
     * @param position where from
     * @return a future of the number of bytes; fails with {@link java.io.EOFException} if the file ends before, and
     *     then the buffer's position tells what was read
     */
    public RingFuture<Integer> readFullyAsync(ByteBuffer buffer, long position) {
        RingFuture<Integer> future = new RingFuture<>();
        readFully(buffer, position, future);
        return future;
    }

    /**
     * Reads until nothing remains in a pooled buffer; with registered memory where the ring has it.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param position where from
     * @return a future of the number of bytes; fails with {@link java.io.EOFException} if the file ends before
     */
    public RingFuture<Integer> readFullyAsync(RingBuffer buffer, long position) {
        RingFuture<Integer> future = new RingFuture<>();
        readFully(buffer, position, future);
        return future;
    }

    /**
     * The callback form of {@link #readAsync(ByteBuffer, long)}.
     *
     * @param buffer where to
     * @param position where from
     * @param callback whom to tell
     */
    public void read(ByteBuffer buffer, long position, RingCallback<Integer> callback) {
        Transfer.checkWritable(buffer);
        Transfer.IN_ONCE.start(transfer(OpCode.READ, position, buffer.remaining()), buffer, callback);
    }

    /**
     * The callback form of {@link #readAsync(RingBuffer, long)}.
     *
     * @param buffer a lease
     * @param position where from
     * @param callback whom to tell
     */
    public void read(RingBuffer buffer, long position, RingCallback<Integer> callback) {
        int bytes = buffer.byteBuffer().remaining();
        Transfer.IN_ONCE.start(transfer(OpCode.READ, position, bytes), buffer, callback);
    }

    /**
     * The callback form of {@link #readFullyAsync(ByteBuffer, long)}.
     *
     * @param buffer where to
     * @param position where from
     * @param callback whom to tell
     */
    public void readFully(ByteBuffer buffer, long position, RingCallback<Integer> callback) {
        Transfer.checkWritable(buffer);
        Transfer.IN_FULLY.start(transfer(OpCode.READ, position, buffer.remaining()), buffer, callback);
    }

    /**
     * The callback form of {@link #readFullyAsync(RingBuffer, long)}.
     *
     * @param buffer a lease
     * @param position where from
     * @param callback whom to tell
     */
    public void readFully(RingBuffer buffer, long position, RingCallback<Integer> callback) {
        int bytes = buffer.byteBuffer().remaining();
        Transfer.IN_FULLY.start(transfer(OpCode.READ, position, bytes), buffer, callback);
    }
}
