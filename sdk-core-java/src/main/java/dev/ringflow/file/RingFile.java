package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.internal.Answer;
import dev.ringflow.internal.CloseOnce;
import dev.ringflow.internal.Transfer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An open file on a ring.
 *
 * <p><b>Threads.</b> Any thread may use it, and any number of operations may be in flight; their order is the kernel's.
 * Futures and callbacks complete on the loop thread of the ring.
 *
 * <p><b>Memory.</b> A transfer covers what remains in the buffer when it is called, and moves the buffer's position when
 * it completes. Until then the buffer belongs to the kernel: neither its content nor its position or limit may be
 * touched. See {@link RingFuture} for what cancelling means for it.
 *
 * <p><b>Errors.</b> Arguments that can never be right are refused at once, on the calling thread. What depends on the
 * moment comes as failure of the operation: {@link java.nio.channels.ClosedChannelException} after {@link #close()},
 * {@link java.nio.channels.AsynchronousCloseException} when it is closed meanwhile,
 * {@link dev.ringflow.RingClosedException} when the ring is closed, and otherwise an {@link java.io.IOException}.
 */
public final class RingFile implements AutoCloseable {
    private static final Answer<RingFile> OPENED = new Answer<>() {
        @Override
        protected RingFile value(Operation operation, int result) {
            return new RingFile(operation.ring(), operation.takeResultHandle(), operation.path(), operation.flags());
        }

        @Override
        protected void discard(RingFile file) {
            file.closeAsync();
        }
    };
    private static final Answer<FileStat> STAT = new Answer<>() {
        @Override
        protected FileStat value(Operation operation, int result) {
            return (FileStat) Objects.requireNonNull(operation.resultObject());
        }
    };
    private static final Answer<Long> SIZE = new Answer<>() {
        @Override
        protected Long value(Operation operation, int result) {
            return ((FileStat) Objects.requireNonNull(operation.resultObject())).size();
        }
    };

    private final Ring ring;
    private final Handle handle;
    private final Path path;
    private final int openFlags;
    private final CloseOnce closing;

    private RingFile(Ring ring, Handle handle, Path path, int openFlags) {
        this.ring = ring;
        this.handle = handle;
        this.path = path;
        this.openFlags = openFlags;
        this.closing = new CloseOnce(ring, handle);
    }

    /**
     * Opens a file; the callback form of {@link Ring#openFileAsync}.
     *
     * @param ring the ring
     * @param path its path
     * @param callback whom to tell
     * @param options as for {@link Ring#openFileAsync}
     */
    public static void open(Ring ring, Path path, RingCallback<RingFile> callback, OpenOption... options) {
        Objects.requireNonNull(path, "path");
        int flags = OpenOptions.flags(options);
        OPENED.start(ring.operation().opCode(OpCode.OPEN).argument(path).flags(flags), callback);
    }

    /**
     * The ring that it is open on.
     *
     * @return the ring
     */
    public Ring ring() {
        return ring;
    }

    /**
     * The path that it was opened with.
     *
     * @return the path
     */
    public Path path() {
        return path;
    }

    /**
     * Whether it takes operations.
     *
     * @return false from the moment that closing began
     */
    public boolean isOpen() {
        return closing.isOpen();
    }

    // Reading.

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
     * The callback form of {@link #readFullyAsync}.
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
     * The callback form of {@link #readFullyAsync}, into a pooled buffer.
     *
     * @param buffer a lease
     * @param position where from
     * @param callback whom to tell
     */
    public void readFully(RingBuffer buffer, long position, RingCallback<Integer> callback) {
        int bytes = buffer.byteBuffer().remaining();
        Transfer.IN_FULLY.start(transfer(OpCode.READ, position, bytes), buffer, callback);
    }

    // Writing.

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

    // Content and size.

    /**
     * Makes content and metadata durable; see fsync(2). It covers the writes that have completed, not those in flight.
     *
     * @return a future
     */
    public RingFuture<@Nullable Void> syncAsync() {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        sync(true, future);
        return future;
    }

    /**
     * Makes content durable, and only as much metadata as reading it needs; see fdatasync(2).
     *
     * @return a future
     */
    public RingFuture<@Nullable Void> syncDataAsync() {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        sync(false, future);
        return future;
    }

    /**
     * The callback form of {@link #syncAsync} and {@link #syncDataAsync}.
     *
     * @param metadata whether all metadata is wanted
     * @param callback whom to tell
     */
    public void sync(boolean metadata, RingCallback<@Nullable Void> callback) {
        Answer.DONE.start(operation(OpCode.SYNC).flags(metadata ? 0 : 1), callback);
    }

    /**
     * What the system knows of the file.
     *
     * @return a future
     */
    public RingFuture<FileStat> statAsync() {
        RingFuture<FileStat> future = new RingFuture<>();
        stat(future);
        return future;
    }

    /**
     * The callback form of {@link #statAsync}.
     *
     * @param callback whom to tell
     */
    public void stat(RingCallback<FileStat> callback) {
        STAT.start(operation(OpCode.STAT), callback);
    }

    /**
     * The size of the file.
     *
     * @return a future of the number of bytes
     */
    public RingFuture<Long> sizeAsync() {
        RingFuture<Long> future = new RingFuture<>();
        size(future);
        return future;
    }

    /**
     * The callback form of {@link #sizeAsync}.
     *
     * @param callback whom to tell
     */
    public void size(RingCallback<Long> callback) {
        SIZE.start(operation(OpCode.STAT), callback);
    }

    /**
     * Sets the size: cuts the file, or extends it with zeros. See ftruncate(2).
     *
     * @param size bytes
     * @return a future
     * @throws IllegalArgumentException if {@code size} is negative
     * @throws NonWritableChannelException if the file was not opened for writing
     */
    public RingFuture<@Nullable Void> truncateAsync(long size) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        truncate(size, future);
        return future;
    }

    /**
     * The callback form of {@link #truncateAsync}.
     *
     * @param size bytes
     * @param callback whom to tell
     */
    public void truncate(long size, RingCallback<@Nullable Void> callback) {
        if (size < 0) {
            throw new IllegalArgumentException("size must not be negative, got " + size);
        }
        requireWritable();
        Answer.DONE.start(operation(OpCode.TRUNCATE).position(size), callback);
    }

    // Closing.

    /**
     * Closes the file: cancels what is in flight on it, waits until the kernel has let go, and then closes. Closing
     * again has no effect.
     *
     * @return a future that completes when the file is closed
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        return closing.begin();
    }

    /** Does what {@link #closeAsync} does, and waits for it except on the loop thread. */
    @Override
    public void close() {
        closing.close();
    }

    @Override
    public String toString() {
        return "RingFile[" + path + (isOpen() ? "" : ", closed") + "]";
    }

    private Operation operation(OpCode code) {
        return ring.operation().opCode(code).handle(handle).owner(this);
    }

    private Operation transfer(OpCode code, long position, int bytes) {
        if (position < 0 || position > Long.MAX_VALUE - bytes) {
            throw new IllegalArgumentException("position must be 0 or more, and the transfer must end before 2^63; got "
                    + position + " for " + bytes + " bytes");
        }
        if (code == OpCode.WRITE) {
            requireWritable();
        } else if (!OpenFlags.has(openFlags, OpenFlags.READ)) {
            throw new NonReadableChannelException();
        }
        return operation(code).position(position);
    }

    private void requireWritable() {
        if (!OpenFlags.has(openFlags, OpenFlags.WRITE)) {
            throw new NonWritableChannelException();
        }
    }
}
