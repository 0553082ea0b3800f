package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.internal.Transfer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Reading and writing on at the file's own position, and appending. {@link RingFile} is the class to use. */
public abstract class RingFileStreaming extends RingFileWriting {
    RingFileStreaming(Ring ring, Handle handle, Path path, int openFlags) {
        super(ring, handle, path, openFlags);
    }

    RingFileStreaming(RingFileState file, long timeoutNanos) {
        super(file, timeoutNanos);
    }

    // Reading on.

    /**
     * Reads at the file's own position, which moves behind what was read. It is the way to read what has no positions,
     * such as pipes and terminals; there it waits until at least 1 byte is there.
     *
     * <p>One at a time: several that are in flight together read from positions in no order, and may read the same.
     * {@link #readAsync(ByteBuffer, long)} knows no such rule, and does not move the file's own position.
     *
     * @param buffer where to; the kernel's until the future completes
     * @return a future of the number of bytes, -1 at the end, 0 if nothing remains in the buffer
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
     * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
     */
    public RingFuture<Integer> readAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        read(buffer, future);
        return future;
    }

    /**
     * Reads at the file's own position into a pooled buffer; otherwise as {@link #readAsync(ByteBuffer)}.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @return a future of the number of bytes, -1 at the end
     */
    public RingFuture<Integer> readAsync(RingBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        read(buffer, future);
        return future;
    }

    /**
     * Reads at the file's own position until nothing remains in the buffer; otherwise as
     * {@link #readAsync(ByteBuffer)}.
     *
     * @param buffer where to
     * @return a future of the number of bytes; fails with {@link java.io.EOFException} if the file ends before, and
     *     then the buffer's position tells what was read
     */
    public RingFuture<Integer> readFullyAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        readFully(buffer, future);
        return future;
    }

    /**
     * Reads at the file's own position until nothing remains in a pooled buffer.
     *
     * @param buffer a lease
     * @return a future of the number of bytes; fails with {@link java.io.EOFException} if the file ends before
     */
    public RingFuture<Integer> readFullyAsync(RingBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        readFully(buffer, future);
        return future;
    }

    /**
     * The callback form of {@link #readAsync(ByteBuffer)}.
     *
     * @param buffer where to
     * @param callback whom to tell
     */
    public void read(ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.checkWritable(buffer);
        Transfer.IN_ONCE.start(transferAtOwnPosition(OpCode.READ), buffer, callback);
    }

    /**
     * The callback form of {@link #readAsync(RingBuffer)}.
     *
     * @param buffer a lease
     * @param callback whom to tell
     */
    public void read(RingBuffer buffer, RingCallback<Integer> callback) {
        Transfer.IN_ONCE.start(transferAtOwnPosition(OpCode.READ), buffer, callback);
    }

    /**
     * The callback form of {@link #readFullyAsync(ByteBuffer)}.
     *
     * @param buffer where to
     * @param callback whom to tell
     */
    public void readFully(ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.checkWritable(buffer);
        Transfer.IN_FULLY.start(transferAtOwnPosition(OpCode.READ), buffer, callback);
    }

    /**
     * The callback form of {@link #readFullyAsync(RingBuffer)}.
     *
     * @param buffer a lease
     * @param callback whom to tell
     */
    public void readFully(RingBuffer buffer, RingCallback<Integer> callback) {
        Transfer.IN_FULLY.start(transferAtOwnPosition(OpCode.READ), buffer, callback);
    }

    // Writing on.

    /**
     * Writes at the file's own position, which moves behind what was written; a file opened with {@code APPEND} writes
     * at its end. One at a time, as for {@link #readAsync(ByteBuffer)}.
     *
     * @param buffer where from; the kernel's until the future completes
     * @return a future of the number of bytes
     * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
     */
    public RingFuture<Integer> writeAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        write(buffer, future);
        return future;
    }

    /**
     * Writes from a pooled buffer at the file's own position; otherwise as {@link #writeAsync(ByteBuffer)}.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @return a future of the number of bytes
     */
    public RingFuture<Integer> writeAsync(RingBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        write(buffer, future);
        return future;
    }

    /**
     * Writes at the file's own position until nothing remains in the buffer; otherwise as
     * {@link #writeAsync(ByteBuffer)}.
     *
     * @param buffer where from
     * @return a future of the number of bytes; when it fails the buffer's position tells what was written
     */
    public RingFuture<Integer> writeFullyAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        writeFully(buffer, future);
        return future;
    }

    /**
     * Writes at the file's own position until nothing remains in a pooled buffer.
     *
     * @param buffer a lease
     * @return a future of the number of bytes
     */
    public RingFuture<Integer> writeFullyAsync(RingBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        writeFully(buffer, future);
        return future;
    }

    /**
     * The callback form of {@link #writeAsync(ByteBuffer)}.
     *
     * @param buffer where from
     * @param callback whom to tell
     */
    public void write(ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_ONCE.start(transferAtOwnPosition(OpCode.WRITE), buffer, callback);
    }

    /**
     * The callback form of {@link #writeAsync(RingBuffer)}.
     *
     * @param buffer a lease
     * @param callback whom to tell
     */
    public void write(RingBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_ONCE.start(transferAtOwnPosition(OpCode.WRITE), buffer, callback);
    }

    /**
     * The callback form of {@link #writeFullyAsync(ByteBuffer)}.
     *
     * @param buffer where from
     * @param callback whom to tell
     */
    public void writeFully(ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_FULLY.start(transferAtOwnPosition(OpCode.WRITE), buffer, callback);
    }

    /**
     * The callback form of {@link #writeFullyAsync(RingBuffer)}.
     *
     * @param buffer a lease
     * @param callback whom to tell
     */
    public void writeFully(RingBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_FULLY.start(transferAtOwnPosition(OpCode.WRITE), buffer, callback);
    }

    // Appending.

    /**
     * Writes all that remains in the buffer at the end of the file, wherever that is by then; see pwritev2(2),
     * {@code RWF_APPEND}. The file need not be opened with {@code APPEND}, and its own position stays where it is.
     *
     * <p>Several that are in flight together do not overwrite each other, though their order is the kernel's; one that
     * the system cuts into parts may have others between its parts. The driver nio can promise that only for operations
     * on the same open file: others that append to it at the same time, through another opening, may be overwritten.
     *
     * @param buffer where from; the kernel's until the future completes
     * @return a future of the number of bytes; when it fails the buffer's position tells what was written
     * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
     */
    public RingFuture<Integer> appendAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        append(buffer, future);
        return future;
    }

    /**
     * Writes all that remains in a pooled buffer at the end of the file; otherwise as {@link #appendAsync(ByteBuffer)}.
     *
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @return a future of the number of bytes
     */
    public RingFuture<Integer> appendAsync(RingBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        append(buffer, future);
        return future;
    }

    /**
     * The callback form of {@link #appendAsync(ByteBuffer)}.
     *
     * @param buffer where from
     * @param callback whom to tell
     */
    public void append(ByteBuffer buffer, RingCallback<Integer> callback) {
        requireWritable();
        Transfer.OUT_FULLY.start(operation(OpCode.APPEND), buffer, callback);
    }

    /**
     * The callback form of {@link #appendAsync(RingBuffer)}.
     *
     * @param buffer a lease
     * @param callback whom to tell
     */
    public void append(RingBuffer buffer, RingCallback<Integer> callback) {
        requireWritable();
        Transfer.OUT_FULLY.start(operation(OpCode.APPEND), buffer, callback);
    }
}
