package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.internal.Answer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Making content durable, size, and what the system knows of the file. {@link RingFile} is the class to use. */
public abstract class RingFileContent extends RingFileVectors {
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

    RingFileContent(Ring ring, Handle handle, Path path, int openFlags) {
        super(ring, handle, path, openFlags);
    }

    RingFileContent(RingFileState file, long timeoutNanos) {
        super(file, timeoutNanos);
    }

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
}
