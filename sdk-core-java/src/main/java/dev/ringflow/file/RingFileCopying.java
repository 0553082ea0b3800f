package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.internal.Copying;
import dev.ringflow.net.RingSocket;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpenFlags;
import java.nio.file.Path;

/** Copying to files and connections. {@link RingFile} is the class to use. */
public abstract class RingFileCopying extends RingFileSpace {
    RingFileCopying(Ring ring, Handle handle, Path path, int openFlags) {
        super(ring, handle, path, openFlags);
    }

    RingFileCopying(RingFileState file, long timeoutNanos) {
        super(file, timeoutNanos);
    }

    /**
     * Copies a part of this file into another one on the same ring, without the bytes passing through the memory of
     * this process where the kernel can do that; see splice(2). Otherwise, as by the driver nio and into files opened
     * with {@code APPEND}, through a buffer.
     *
     * <p>It is done in parts, of 1 MiB at most. Cancelling stops after the part that is under way, and what has arrived
     * by then stays. Parts of one file that overlap give no certain content.
     *
     * @param position where the part begins, in bytes from the beginning of this file
     * @param bytes how long it is; {@link Long#MAX_VALUE} minus both positions at most
     * @param target where to; it is extended as needed
     * @param targetPosition where in the target; one opened with {@code APPEND} ignores it
     * @return a future of the number of bytes, less than {@code bytes} if this file ends before; when it fails, or
     *     after cancelling, the target tells how many have arrived
     * @throws IllegalArgumentException if a position is negative or beyond what a file can be long, or the target is on
     *     another ring
     * @throws java.nio.channels.NonReadableChannelException if this file was not opened for reading
     * @throws java.nio.channels.NonWritableChannelException if the target was not opened for writing
     */
    public RingFuture<Long> copyToAsync(long position, long bytes, RingFile target, long targetPosition) {
        RingFuture<Long> future = new RingFuture<>();
        copyTo(position, bytes, target, targetPosition, future);
        return future;
    }

    /**
     * Sends a part of this file over a connection on the same ring, without the bytes passing through the memory of
     * this process where the kernel can do that; see splice(2). Otherwise as
     * {@link #copyToAsync(long, long, RingFile, long)}. It takes its turn among all that is sent fully on the connection;
     * if it ends in the middle, those behind it fail.
     *
     * @param position where the part begins, in bytes from the beginning of this file
     * @param bytes how long it is
     * @param target the connection
     * @return a future of the number of bytes sent, less than {@code bytes} if this file ends before; after failure or
     *     cancelling nobody can tell how many were, so that the connection is best given up
     * @throws IllegalArgumentException if the position is negative, or the connection is on another ring
     * @throws java.nio.channels.NonReadableChannelException if this file was not opened for reading
     */
    public RingFuture<Long> copyToAsync(long position, long bytes, RingSocket target) {
        RingFuture<Long> future = new RingFuture<>();
        copyTo(position, bytes, target, future);
        return future;
    }

    /**
     * The callback form of {@link #copyToAsync(long, long, RingFile, long)}.
     *
     * @param position where the part begins
     * @param bytes how long it is
     * @param target where to
     * @param targetPosition where in the target
     * @param callback whom to tell
     */
    public void copyTo(long position, long bytes, RingFile target, long targetPosition, RingCallback<Long> callback) {
        requireCopy(position, bytes, target.ring());
        requirePosition(targetPosition, bytes);
        target.requireWritable();
        Copying copying =
                new Copying(source(position), new Copying.Side(target.handle, targetPosition, target), bytes, callback);
        copying.start(ring.operation().timeoutNanos(timeoutNanos), !OpenFlags.has(target.openFlags, OpenFlags.APPEND));
    }

    /**
     * The callback form of {@link #copyToAsync(long, long, RingSocket)}.
     *
     * @param position where the part begins
     * @param bytes how long it is
     * @param target the connection
     * @param callback whom to tell
     */
    public void copyTo(long position, long bytes, RingSocket target, RingCallback<Long> callback) {
        requireCopy(position, bytes, target.ring());
        Copying.Side connection = new Copying.Side(target.unsafeHandle(), OWN_POSITION, target);
        Copying copying = new Copying(source(position), connection, bytes, callback);
        copying.start(ring.operation().timeoutNanos(timeoutNanos), true);
    }

    private void requireCopy(long position, long bytes, Ring ringOfTarget) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must be 0 or more, got " + bytes);
        }
        requirePosition(position, bytes);
        requireReadable();
        if (ringOfTarget != ring) {
            throw new IllegalArgumentException("The target is on " + ringOfTarget + ", and this file is on " + ring);
        }
    }

    private Copying.Side source(long position) {
        return new Copying.Side(handle, position, this);
    }
}
