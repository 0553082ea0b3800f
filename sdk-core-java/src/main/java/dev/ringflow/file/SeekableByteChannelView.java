package dev.ringflow.file;

import dev.ringflow.RingFuture;
import dev.ringflow.spi.OpenFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptibleChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A file as the JDK's blocking channel with a position; see {@link RingFile#asSeekableByteChannel()}. */
final class SeekableByteChannelView implements SeekableByteChannel, InterruptibleChannel {
    private final RingFile file;
    private final boolean appends;

    /** Calls that use the position come one after the other. */
    private final ReentrantLock turn = new ReentrantLock();

    /** Guarded by turn. A file that appends neither uses nor keeps it: its position is its end. */
    private long position;

    SeekableByteChannelView(RingFile file) {
        this.file = file;
        this.appends = OpenFlags.has(file.openFlags, OpenFlags.APPEND);
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        begin("read");
        if (!OpenFlags.has(file.openFlags, OpenFlags.READ)) {
            throw new NonReadableChannelException();
        }
        if (Objects.requireNonNull(dst, "dst").isReadOnly()) {
            throw new IllegalArgumentException("The buffer to read into is read-only");
        }
        turn.lock();
        try {
            RingFuture<Integer> future = new RingFuture<>();
            ChannelTransfer.read(file, dst, position, future);
            int bytes = await(future);
            position += Math.max(0, bytes);
            return bytes;
        } finally {
            turn.unlock();
        }
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        begin("write");
        requireWritable();
        Objects.requireNonNull(src, "src");
        turn.lock();
        try {
            RingFuture<Integer> future = new RingFuture<>();
            ChannelTransfer.write(file, src, appends ? 0 : position, future);
            int bytes = await(future);
            position += appends ? 0 : bytes;
            return bytes;
        } finally {
            turn.unlock();
        }
    }

    @Override
    public long position() throws IOException {
        begin("position");
        turn.lock();
        try {
            return appends ? await(file.sizeAsync()) : position;
        } finally {
            turn.unlock();
        }
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        begin("position");
        requireNotNegative("newPosition", newPosition);
        turn.lock();
        try {
            position = newPosition;
            return this;
        } finally {
            turn.unlock();
        }
    }

    @Override
    public long size() throws IOException {
        begin("size");
        return await(file.sizeAsync());
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
        begin("truncate");
        requireNotNegative("size", size);
        requireWritable();
        turn.lock();
        try {
            if (size < await(file.sizeAsync())) {
                await(file.truncateAsync(size));
            }
            position = Math.min(position, size);
            return this;
        } finally {
            turn.unlock();
        }
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() throws IOException {
        BlockingWait.forClose(file);
    }

    private void begin(String call) throws IOException {
        BlockingWait.requireOtherThread(file, call);
        if (!file.isOpen()) {
            throw new ClosedChannelException();
        }
        BlockingWait.requireNoInterrupt(file);
    }

    private <T extends @Nullable Object> T await(CompletableFuture<T> future) throws IOException {
        return BlockingWait.closedByInterrupt(file, future);
    }

    private void requireWritable() {
        if (!OpenFlags.has(file.openFlags, OpenFlags.WRITE)) {
            throw new NonWritableChannelException();
        }
    }

    private static void requireNotNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, got " + value);
        }
    }

    @Override
    public String toString() {
        return "SeekableByteChannel of " + file;
    }
}
