package dev.ringflow.file;

import dev.ringflow.spi.OpenFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A file as the JDK's asynchronous channel; see {@link RingFile#asAsynchronousFileChannel()}. */
final class AsynchronousFileChannelView extends AsynchronousFileChannel {
    private final RingFile file;
    private final @Nullable Executor handlers;

    /** With no executor the handlers are told on the loop thread. */
    AsynchronousFileChannelView(RingFile file, @Nullable Executor handlers) {
        this.file = file;
        this.handlers = handlers;
    }

    // Reading and writing.

    @Override
    public <A extends @Nullable Object> void read(
            ByteBuffer dst, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        checkRead(dst, position);
        ChannelTransfer.read(file, dst, position, call(handler, attachment));
    }

    @Override
    public Future<Integer> read(ByteBuffer dst, long position) {
        checkRead(dst, position);
        ChannelFuture<Integer> future = new ChannelFuture<>();
        ChannelTransfer.read(file, dst, position, future);
        return future;
    }

    @Override
    public <A extends @Nullable Object> void write(
            ByteBuffer src, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        checkWrite(src, position);
        ChannelTransfer.write(file, src, position, call(handler, attachment));
    }

    @Override
    public Future<Integer> write(ByteBuffer src, long position) {
        checkWrite(src, position);
        ChannelFuture<Integer> future = new ChannelFuture<>();
        ChannelTransfer.write(file, src, position, future);
        return future;
    }

    private <T, A extends @Nullable Object> HandlerCall<T, A> call(
            CompletionHandler<T, ? super A> handler, A attachment) {
        return new HandlerCall<>(file.ring(), handlers, handler, attachment);
    }

    private void checkRead(ByteBuffer dst, long position) {
        Objects.requireNonNull(dst, "dst");
        requireNotNegative("position", position);
        if (dst.isReadOnly()) {
            throw new IllegalArgumentException("The buffer to read into is read-only");
        }
        requireReadable();
    }

    private void checkWrite(ByteBuffer src, long position) {
        Objects.requireNonNull(src, "src");
        requireNotNegative("position", position);
        requireWritable();
    }

    private static void requireNotNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, got " + value);
        }
    }

    private void requireReadable() {
        if (!OpenFlags.has(file.openFlags, OpenFlags.READ)) {
            throw new NonReadableChannelException();
        }
    }

    private void requireWritable() {
        if (!OpenFlags.has(file.openFlags, OpenFlags.WRITE)) {
            throw new NonWritableChannelException();
        }
    }

    // Size and durability: the JDK's methods wait, and so these do.

    @Override
    public long size() throws IOException {
        requireReadyToWait("size");
        return BlockingWait.uninterrupted(file.sizeAsync());
    }

    @Override
    public AsynchronousFileChannel truncate(long size) throws IOException {
        requireNotNegative("size", size);
        requireWritable();
        requireReadyToWait("truncate");
        if (size < BlockingWait.uninterrupted(file.sizeAsync())) {
            BlockingWait.uninterrupted(file.truncateAsync(size));
        }
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        requireReadyToWait("force");
        BlockingWait.uninterrupted(metaData ? file.syncAsync() : file.syncDataAsync());
    }

    private void requireReadyToWait(String call) throws ClosedChannelException {
        BlockingWait.requireOtherThread(file, call);
        if (!file.isOpen()) {
            throw new ClosedChannelException();
        }
    }

    // Locks.

    @Override
    public <A extends @Nullable Object> void lock(
            long position, long size, boolean shared, A attachment, CompletionHandler<FileLock, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        checkLock(position, size, shared);
        file.locks.lock(new LockRequest(this, position, size, shared), call(handler, attachment));
    }

    @Override
    public Future<FileLock> lock(long position, long size, boolean shared) {
        checkLock(position, size, shared);
        ChannelFuture<FileLock> future = new ChannelFuture<>();
        file.locks.lock(new LockRequest(this, position, size, shared), future);
        return future;
    }

    @Override
    public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
        checkLock(position, size, shared);
        requireReadyToWait("tryLock");
        return file.locks.tryLock(new LockRequest(this, position, size, shared));
    }

    private void checkLock(long position, long size, boolean shared) {
        requireNotNegative("position", position);
        requireNotNegative("size", size);
        if (position > Long.MAX_VALUE - size) {
            throw new IllegalArgumentException(
                    "The region must end before 2^63; got " + size + " bytes at " + position);
        }
        if (shared) {
            requireReadable();
        } else {
            requireWritable();
        }
    }

    // Closing.

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() throws IOException {
        BlockingWait.forClose(file);
    }

    @Override
    public String toString() {
        return "AsynchronousFileChannel of " + file;
    }
}
