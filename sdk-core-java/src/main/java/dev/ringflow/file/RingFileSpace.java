package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.internal.Answer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The space that a part of a file takes, and hints about it. {@link RingFile} is the class to use. */
public abstract class RingFileSpace extends RingFileContent {
    private static final Answer<DirectIoAlignment> ALIGNMENT = new Answer<>() {
        @Override
        protected DirectIoAlignment value(Operation operation, int result) {
            return (DirectIoAlignment) Objects.requireNonNull(operation.resultObject());
        }
    };

    private static final Answer<Long> FOUND = new Answer<>() {
        @Override
        protected Long value(Operation operation, int result) {
            return (Long) Objects.requireNonNull(operation.resultObject());
        }
    };

    RingFileSpace(Ring ring, Handle handle, Path path, int openFlags) {
        super(ring, handle, path, openFlags);
    }

    RingFileSpace(RingFileState file, long timeoutNanos) {
        super(file, timeoutNanos);
    }

    /**
     * Writes a part of the file to its device and waits for that, without metadata, and without emptying the device's
     * own cache: so it spreads the work of a later {@link #syncAsync} or {@link #syncDataAsync}, and does not stand for
     * it. See sync_file_range(2). The driver nio does what {@link #syncDataAsync} does.
     *
     * @param position where the part begins, in bytes from the beginning of the file
     * @param bytes how long it is; from 4 GiB on, up to the end of the file
     * @return a future
     * @throws IllegalArgumentException if {@code position} is negative, or {@code bytes} is less than 1
     */
    public RingFuture<@Nullable Void> syncRangeAsync(long position, long bytes) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        syncRange(position, bytes, future);
        return future;
    }

    /**
     * The callback form of {@link #syncRangeAsync}.
     *
     * @param position where the part begins
     * @param bytes how long it is
     * @param callback whom to tell
     */
    public void syncRange(long position, long bytes, RingCallback<@Nullable Void> callback) {
        Answer.DONE.start(range(OpCode.SYNC_RANGE, position, bytes), callback);
    }

    /**
     * Reserves space on the disk, so that writing there cannot fail for want of it, and extends the file with zeros
     * where it ends before; see fallocate(2). What the part holds already stays.
     *
     * @param position where the part begins, in bytes from the beginning of the file
     * @param bytes how long it is
     * @return a future; fails with {@link dev.ringflow.RingException} if the disk is full or the file system cannot do
     *     it, and with {@link UnsupportedOperationException} by a driver that cannot, such as nio; see
     *     {@link dev.ringflow.Capabilities#support}
     * @throws IllegalArgumentException if {@code position} is negative, or {@code bytes} is less than 1
     * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
     */
    public RingFuture<@Nullable Void> allocateAsync(long position, long bytes) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        allocate(position, bytes, false, future);
        return future;
    }

    /**
     * Reserves space on the disk without changing the size of the file, also beyond its end; otherwise as
     * {@link #allocateAsync}.
     *
     * @param position where the part begins
     * @param bytes how long it is
     * @return a future
     */
    public RingFuture<@Nullable Void> allocateKeepingSizeAsync(long position, long bytes) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        allocate(position, bytes, true, future);
        return future;
    }

    /**
     * The callback form of {@link #allocateAsync} and {@link #allocateKeepingSizeAsync}.
     *
     * @param position where the part begins
     * @param bytes how long it is
     * @param keepSize whether the size of the file stays
     * @param callback whom to tell
     */
    public void allocate(long position, long bytes, boolean keepSize, RingCallback<@Nullable Void> callback) {
        requireWritable();
        Answer.DONE.start(range(OpCode.ALLOCATE, position, bytes).flags(keepSize ? 1 : 0), callback);
    }

    /**
     * Gives the space of a part back to the file system: it reads as zeros, and the size of the file stays. Blocks that
     * are covered only partly are filled with zeros where they are covered. See fallocate(2),
     * {@code FALLOC_FL_PUNCH_HOLE}.
     *
     * @param position where the part begins, in bytes from the beginning of the file
     * @param bytes how long it is
     * @return a future; fails with {@link dev.ringflow.RingException} if the file system cannot do it, and with
     *     {@link UnsupportedOperationException} by a driver that cannot, such as nio
     * @throws IllegalArgumentException if {@code position} is negative, or {@code bytes} is less than 1
     * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
     */
    public RingFuture<@Nullable Void> punchHoleAsync(long position, long bytes) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        punchHole(position, bytes, future);
        return future;
    }

    /**
     * The callback form of {@link #punchHoleAsync}.
     *
     * @param position where the part begins
     * @param bytes how long it is
     * @param callback whom to tell
     */
    public void punchHole(long position, long bytes, RingCallback<@Nullable Void> callback) {
        requireWritable();
        Answer.DONE.start(range(OpCode.PUNCH_HOLE, position, bytes), callback);
    }

    /**
     * Tells the system how a part of the file will be used; see posix_fadvise(2). Content and size stay.
     *
     * @param position where the part begins, in bytes from the beginning of the file
     * @param bytes how long it is; from 4 GiB on, up to the end of the file
     * @param advice how it will be used
     * @return a future; fails with {@link UnsupportedOperationException} by a driver that cannot, such as nio: whoever
     *     wants the advice taken where it can be, and only there, asks {@link dev.ringflow.Capabilities#support} first
     * @throws IllegalArgumentException if {@code position} is negative, or {@code bytes} is less than 1
     */
    public RingFuture<@Nullable Void> adviseAsync(long position, long bytes, FileAdvice advice) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        advise(position, bytes, advice, future);
        return future;
    }

    /**
     * The callback form of {@link #adviseAsync}.
     *
     * @param position where the part begins
     * @param bytes how long it is
     * @param advice how it will be used
     * @param callback whom to tell
     */
    public void advise(long position, long bytes, FileAdvice advice, RingCallback<@Nullable Void> callback) {
        Answer.DONE.start(range(OpCode.ADVISE, position, bytes).flags(advice.ordinal()), callback);
    }

    /**
     * What direct I/O on this file has to be a multiple of; see statx(2), {@code STATX_DIOALIGN}. The file need not be
     * opened for direct I/O. Where kernel or file system does not tell (before Linux 6.1, and for file systems that do
     * not know) it is 4096 bytes for both; the driver nio gives the block size of the file system.
     *
     * @return a future
     */
    public RingFuture<DirectIoAlignment> directIoAlignmentAsync() {
        RingFuture<DirectIoAlignment> future = new RingFuture<>();
        directIoAlignment(future);
        return future;
    }

    /**
     * The callback form of {@link #directIoAlignmentAsync}.
     *
     * @param callback whom to tell
     */
    public void directIoAlignment(RingCallback<DirectIoAlignment> callback) {
        ALIGNMENT.start(operation(OpCode.STAT).flags(1), callback);
    }

    /**
     * Where the next data are: holes before it read as zeros and take no space. A file system that does not know its
     * holes says that all is data. See lseek(2), {@code SEEK_DATA}; by a helper thread, since no ring has it. The call
     * borrows the file's own position and puts it back: no operation on that position may be in flight.
     *
     * @param position where to look from, in bytes from the beginning of the file
     * @return a future of a position, {@code position} itself if it holds data, -1 if nothing but a hole follows; fails
     *     with {@link UnsupportedOperationException} by a driver that cannot, such as nio
     * @throws IllegalArgumentException if {@code position} is negative
     */
    public RingFuture<Long> nextDataAsync(long position) {
        RingFuture<Long> future = new RingFuture<>();
        nextData(position, future);
        return future;
    }

    /**
     * The callback form of {@link #nextDataAsync}.
     *
     * @param position where to look from
     * @param callback whom to tell
     */
    public void nextData(long position, RingCallback<Long> callback) {
        requirePosition(position, 0);
        FOUND.start(operation(OpCode.NEXT_DATA).position(position), callback);
    }

    /**
     * Where the next hole is, the end of the file counting as one. See lseek(2), {@code SEEK_HOLE}, and
     * {@link #nextDataAsync}.
     *
     * @param position where to look from, in bytes from the beginning of the file
     * @return a future of a position, {@code position} itself if it is in a hole, -1 if it is at or after the end;
     *     fails with {@link UnsupportedOperationException} by a driver that cannot, such as nio
     * @throws IllegalArgumentException if {@code position} is negative
     */
    public RingFuture<Long> nextHoleAsync(long position) {
        RingFuture<Long> future = new RingFuture<>();
        nextHole(position, future);
        return future;
    }

    /**
     * The callback form of {@link #nextHoleAsync}.
     *
     * @param position where to look from
     * @param callback whom to tell
     */
    public void nextHole(long position, RingCallback<Long> callback) {
        requirePosition(position, 0);
        FOUND.start(operation(OpCode.NEXT_HOLE).position(position), callback);
    }

    private Operation range(OpCode code, long position, long bytes) {
        requireRange(position, bytes);
        return operation(code).position(position).extent(bytes);
    }
}
