package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.internal.VectorTransfer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Reading into and writing from several buffers at once. {@link RingFile} is the class to use. */
public abstract class RingFileVectors extends RingFileStreaming {
    RingFileVectors(Ring ring, Handle handle, Path path, int openFlags) {
        super(ring, handle, path, openFlags);
    }

    RingFileVectors(RingFileState file, long timeoutNanos) {
        super(file, timeoutNanos);
    }

    /**
     * Reads into several buffers, one after the other, in one operation; see readv(2).
     *
     * <p>Direct buffers are used as they are. Heap buffers work too, through one direct buffer that the ring lends: so
     * at most 128 KiB of them are read at once. More than 1024 buffers are cut after the 1024th that has room. A buffer
     * that is in the array twice is filled twice, with different bytes of the file. The driver nio reads one buffer
     * after the other.
     *
     * @param buffers where to; the kernel's until the future completes, each of them, and the array may be changed at
     *     once. Afterwards the position of each is behind what was read into it
     * @param position where from, in bytes from the beginning of the file
     * @return a future of the number of bytes, -1 if {@code position} is at or after the end, 0 if nothing remains in
     *     any buffer
     * @throws IllegalArgumentException if {@code position} is negative
     * @throws java.nio.ReadOnlyBufferException if one of the buffers is read-only
     * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
     */
    public RingFuture<Long> readAsync(ByteBuffer[] buffers, long position) {
        RingFuture<Long> future = new RingFuture<>();
        read(buffers, position, future);
        return future;
    }

    /**
     * Reads until nothing remains in any of the buffers, in as many operations as it takes; otherwise as
     * {@link #readAsync(ByteBuffer[], long)}.
     *
     * @param buffers where to
     * @param position where from
     * @return a future of the number of bytes; fails with {@link java.io.EOFException} if the file ends before, and
     *     then the buffers' positions tell what was read
     */
    public RingFuture<Long> readFullyAsync(ByteBuffer[] buffers, long position) {
        RingFuture<Long> future = new RingFuture<>();
        readFully(buffers, position, future);
        return future;
    }

    /**
     * Writes several buffers, one after the other, in one operation; see writev(2). What is said of heap buffers, of
     * many and of equal ones at {@link #readAsync(ByteBuffer[], long)} holds here too; a buffer that is in the array
     * twice is written twice.
     *
     * @param buffers where from; the kernel's until the future completes. Afterwards the position of each is behind
     *     what was written of it
     * @param position where to; a file opened with {@code APPEND} ignores it
     * @return a future of the number of bytes
     * @throws IllegalArgumentException if {@code position} is negative
     * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
     */
    public RingFuture<Long> writeAsync(ByteBuffer[] buffers, long position) {
        RingFuture<Long> future = new RingFuture<>();
        write(buffers, position, future);
        return future;
    }

    /**
     * Writes until nothing remains in any of the buffers, in as many operations as it takes; otherwise as
     * {@link #writeAsync(ByteBuffer[], long)}.
     *
     * @param buffers where from
     * @param position where to
     * @return a future of the number of bytes; when it fails the buffers' positions tell what was written
     */
    public RingFuture<Long> writeFullyAsync(ByteBuffer[] buffers, long position) {
        RingFuture<Long> future = new RingFuture<>();
        writeFully(buffers, position, future);
        return future;
    }

    /**
     * The callback form of {@link #readAsync(ByteBuffer[], long)}.
     *
     * @param buffers where to
     * @param position where from
     * @param callback whom to tell
     */
    public void read(ByteBuffer[] buffers, long position, RingCallback<Long> callback) {
        start(OpCode.READ_VECTORED, VectorTransfer.in(buffers, false), position, callback);
    }

    /**
     * The callback form of {@link #readFullyAsync(ByteBuffer[], long)}.
     *
     * @param buffers where to
     * @param position where from
     * @param callback whom to tell
     */
    public void readFully(ByteBuffer[] buffers, long position, RingCallback<Long> callback) {
        start(OpCode.READ_VECTORED, VectorTransfer.in(buffers, true), position, callback);
    }

    /**
     * The callback form of {@link #writeAsync(ByteBuffer[], long)}.
     *
     * @param buffers where from
     * @param position where to
     * @param callback whom to tell
     */
    public void write(ByteBuffer[] buffers, long position, RingCallback<Long> callback) {
        start(OpCode.WRITE_VECTORED, VectorTransfer.out(buffers, false), position, callback);
    }

    /**
     * The callback form of {@link #writeFullyAsync(ByteBuffer[], long)}.
     *
     * @param buffers where from
     * @param position where to
     * @param callback whom to tell
     */
    public void writeFully(ByteBuffer[] buffers, long position, RingCallback<Long> callback) {
        start(OpCode.WRITE_VECTORED, VectorTransfer.out(buffers, true), position, callback);
    }

    private void start(OpCode code, VectorTransfer vector, long position, RingCallback<Long> callback) {
        vector.start(transfer(code, position, vector.total()), callback);
    }
}
