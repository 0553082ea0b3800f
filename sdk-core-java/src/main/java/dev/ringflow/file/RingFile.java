package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.internal.Answer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An open file on a ring.
 *
 * <p><b>Threads.</b> Any thread may use it, and any number of operations may be in flight; their order is the kernel's.
 * Futures and callbacks complete on the loop thread of the ring.
 *
 * <p><b>Memory.</b> A transfer covers what remains in the buffer when it is called, and moves the buffer's position
 * when it completes. Until then the buffer belongs to the kernel: neither its content nor its position or limit may be
 * touched. See {@link RingFuture} for what cancelling means for it.
 *
 * <p><b>Errors.</b> Arguments that can never be right are refused at once, on the calling thread. What depends on the
 * moment comes as failure of the operation: {@link java.nio.channels.ClosedChannelException} after {@link #close()},
 * {@link java.nio.channels.AsynchronousCloseException} when it is closed meanwhile,
 * {@link dev.ringflow.RingClosedException} when the ring is closed, and otherwise an {@link java.io.IOException}.
 */
public final class RingFile extends RingFileCopying implements AutoCloseable {
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

    /** One for all views of the open file: closing any descriptor of a file releases the process's locks on it. */
    final FileLocks locks;

    private RingFile(Ring ring, Handle handle, Path path, int openFlags) {
        super(ring, handle, path, openFlags);
        this.locks = new FileLocks(this);
    }

    private RingFile(RingFile file, long timeoutNanos) {
        super(file, timeoutNanos);
        this.locks = file.locks;
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
        open(ring.operation().opCode(OpenOptions.opCode(flags)).argument(path).flags(flags), callback);
    }

    /**
     * Makes a file of a handle that is open on a ring already, such as one that came over a unix socket. For layers built
     * on the ring: the handle belongs to the file from here on.
     *
     * @param ring the ring that the handle is open on
     * @param handle an open handle that nobody else uses
     * @param path where the file is, for {@link #path()}
     * @param openFlags bits of {@link OpenFlags}: what it is open for
     * @return the file, which the caller closes
     */
    public static RingFile unsafeOf(Ring ring, Handle handle, Path path, int openFlags) {
        return new RingFile(ring, handle, path, openFlags);
    }

    /** Hands in an operation that delivers a file: its argument is the path, its flags are those of the file. */
    static void open(Operation operation, RingCallback<RingFile> callback) {
        OPENED.start(operation, callback);
    }

    // Descriptors.

    /**
     * Whether it is a slot of the ring's own table, and no file descriptor of the process.
     *
     * @return true if it was opened with {@link RingOpenOption#DIRECT_DESCRIPTOR}
     */
    public boolean isDirectDescriptor() {
        return OpenFlags.has(openFlags, OpenFlags.DIRECT_DESCRIPTOR);
    }

    /**
     * Makes an ordinary file descriptor of a direct one. Both share position and flags, as after dup(2), and each is
     * closed by itself. Linux 6.8 or later: ask {@link dev.ringflow.Capabilities#support} for
     * {@link OpCode#INSTALL_DESCRIPTOR}.
     *
     * @return a future of the second file, which the caller closes; fails with {@link UnsupportedOperationException} on
     *     earlier kernels
     * @throws IllegalStateException if this is an ordinary descriptor already
     */
    public RingFuture<RingFile> installAsync() {
        RingFuture<RingFile> future = new RingFuture<>();
        install(future);
        return future;
    }

    /**
     * The callback form of {@link #installAsync}.
     *
     * @param callback whom to tell
     */
    public void install(RingCallback<RingFile> callback) {
        if (!isDirectDescriptor()) {
            throw new IllegalStateException(this + " is an ordinary descriptor already");
        }
        int flags = openFlags & ~OpenFlags.DIRECT_DESCRIPTOR;
        open(operation(OpCode.INSTALL_DESCRIPTOR).argument(path).flags(flags), callback);
    }

    /**
     * The number of its file descriptor, by which other programs reach it: {@code /proc/PID/fd/NUMBER} on Linux. It
     * stays this file's: it must not be closed by anybody else, and when this file is closed the system gives the
     * number to whatever is opened next. It is closed on exec, so that no child process inherits it.
     *
     * @return a number, good for as long as this file is open
     * @throws IllegalStateException if it is closed, or a direct descriptor, which has no such number; see
     *     {@link #installAsync}
     * @throws UnsupportedOperationException if the driver, such as nio, knows none
     */
    public int descriptor() {
        if (!isOpen()) {
            throw new IllegalStateException(this + " has no descriptor any more");
        } else if (isDirectDescriptor()) {
            throw new IllegalStateException(
                    this + " is a direct descriptor, which only the ring knows: installAsync makes an ordinary one");
        }
        int descriptor = ring.unsafeDriver().descriptor(handle);
        if (descriptor < 0) {
            throw new UnsupportedOperationException("descriptor is not supported by the driver " + ring.driver());
        }
        return descriptor;
    }

    // Doors for code that knows the JDK's channels.

    /**
     * This file as an {@link AsynchronousFileChannel}. Its completion handlers run on the loop thread: they should be
     * short and must not block. Otherwise as {@link #asAsynchronousFileChannel(Executor)}.
     *
     * @return a view of this file
     */
    public AsynchronousFileChannel asAsynchronousFileChannel() {
        return new AsynchronousFileChannelView(this, null);
    }

    /**
     * This file as an {@link AsynchronousFileChannel}, as that class specifies it. Any thread may use the view, and any
     * number of views and of operations on the file itself may be in use together.
     *
     * <p><b>Memory.</b> As for this class: a buffer belongs to the kernel until the operation has completed. The JDK's
     * future cannot tell when the kernel let go of the buffer of a <em>cancelled</em> operation: throw the buffer away,
     * or read and write through this class and {@link RingFuture#released()}. Direct buffers are used as they are; heap
     * buffers cost a copy, and one of more than 128 KiB takes several operations.
     *
     * <p><b>Calls that wait.</b> {@code size}, {@code truncate}, {@code force} and {@code tryLock} wait for the ring,
     * as the JDK's do for the system. On the loop thread they throw {@link IllegalStateException}, since they would
     * wait for themselves. An interrupt does not end the wait; it is kept.
     *
     * <p><b>Cancelling</b> a future asks the kernel to cancel and leaves the channel open, whatever its argument.
     *
     * <p><b>Locks</b> are the JDK's, on a channel of its own that is opened on {@link #path()}: they exclude other
     * programs, and overlapping ones of this JVM are refused, whoever holds them. If the path no longer names the open
     * file, locking fails. A lock that another program holds is waited for on a thread of its own. On POSIX systems
     * closing any descriptor of a file, and so any other channel or {@code RingFile} on it, releases all locks that the
     * process holds on the file: see {@link java.nio.channels.FileLock}. {@code lock} on the loop thread throws
     * {@link java.nio.channels.OverlappingFileLockException} only for pending locks of this file; for others the
     * operation fails with it.
     *
     * <p><b>Closing</b> the view closes this file, and closing this file closes its views. On the loop thread it only
     * begins. When the ring is closed its files are: the view then says
     * {@link java.nio.channels.ClosedChannelException}, and handlers without an executor are told by the common pool.
     *
     * @param handlers runs the completion handlers, and must not do so on the thread that hands them in, which is the
     *     loop thread; what it refuses is lost, so keep it open as long as the file
     * @return a view of this file
     */
    public AsynchronousFileChannel asAsynchronousFileChannel(Executor handlers) {
        return new AsynchronousFileChannelView(this, Objects.requireNonNull(handlers, "handlers"));
    }

    /**
     * This file as a {@link SeekableByteChannel}, and so as a readable and writable channel, with a position of its own
     * that begins at 0. A file opened with {@code APPEND} is written at its end, and its position is its end.
     *
     * <p><b>Every call waits</b> for the ring. On the loop thread it throws {@link IllegalStateException}, since it
     * would wait for itself; only {@code isOpen} and {@code close} may be called there. Any other thread may use the
     * view; calls that use the position come one after the other.
     *
     * <p><b>Memory.</b> When a call returns or throws, the kernel has let go of the buffer. Direct buffers are used as
     * they are; heap buffers cost a copy.
     *
     * <p><b>Interrupts</b> do what they do with the JDK's channels: the file is closed, and the call throws
     * {@link java.nio.channels.ClosedByInterruptException}.
     *
     * <p><b>Closing</b> the view closes this file, and closing this file closes its views.
     *
     * @return a view of this file, which is an {@link java.nio.channels.InterruptibleChannel} too
     */
    public SeekableByteChannel asSeekableByteChannel() {
        return new SeekableByteChannelView(this);
    }

    // Locks.

    /**
     * Locks a part of the file against other programs, and waits until it can be had. The lock is the JDK's: see
     * {@link java.nio.channels.FileChannel#lock(long, long, boolean)}; the JDK needs the file to be opened for reading
     * to get a shared one, for writing to get an exclusive one, and {@link #path()} still to name it.
     *
     * <p>On POSIX systems such locks belong to the process. They do not keep parts of this program from each other: the
     * JDK refuses overlapping ones, whoever in this JVM holds them. And <b>all of them are given up by the system when
     * any descriptor of the file is closed by this process</b>, also one that another {@code RingFile}, channel or
     * stream has on the same file: nobody is told, and {@link RingFileLock#isValid()} stays true. So as long as a lock
     * is held, open and close the file nowhere else in the process. Closing this file gives its own locks up.
     *
     * @param position where the part begins, in bytes from the beginning of the file
     * @param size how long it is, in bytes; {@link Long#MAX_VALUE} minus {@code position} for all that may come; it may
     *     reach behind the end of the file
     * @param shared whether others may have a shared lock on the same part
     * @return a future of the lock; it completes on the loop thread, and fails with
     *     {@link java.nio.channels.OverlappingFileLockException} if this JVM holds or awaits a lock that overlaps,
     *     {@link java.nio.channels.NonReadableChannelException} or
     *     {@link java.nio.channels.NonWritableChannelException} if the file was not opened for it. Cancelling it gives
     *     the lock up as soon as it is got; until then a thread goes on to wait for it
     * @throws IllegalArgumentException if {@code position} is negative or {@code size} less than 1
     */
    public RingFuture<RingFileLock> lockAsync(long position, long size, boolean shared) {
        RingFuture<RingFileLock> future = new RingFuture<>();
        lock(position, size, shared, future);
        return future;
    }

    /**
     * Locks a part of the file if no other program holds an overlapping lock; otherwise as {@link #lockAsync}.
     *
     * @param position where the part begins
     * @param size how long it is
     * @param shared whether others may have a shared lock on the same part
     * @return a future of the lock, or of null if another program is in the way
     */
    public RingFuture<@Nullable RingFileLock> tryLockAsync(long position, long size, boolean shared) {
        RingFuture<@Nullable RingFileLock> future = new RingFuture<>();
        tryLock(position, size, shared, future);
        return future;
    }

    /**
     * The callback form of {@link #lockAsync}.
     *
     * @param position where the part begins
     * @param size how long it is
     * @param shared whether others may have a shared lock on the same part
     * @param callback whom to tell
     */
    @SuppressWarnings("unchecked") // a callback for a lock takes whatever is no null
    public void lock(long position, long size, boolean shared, RingCallback<RingFileLock> callback) {
        requireRange(position, size);
        LockRequest request = new LockRequest(asAsynchronousFileChannel(), position, size, shared);
        new LockCall(ring, (RingCallback<@Nullable RingFileLock>) (RingCallback<?>) callback)
                .run("ringflow-locking " + path, call -> locks.lock(request, call));
    }

    /**
     * The callback form of {@link #tryLockAsync}.
     *
     * @param position where the part begins
     * @param size how long it is
     * @param shared whether others may have a shared lock on the same part
     * @param callback whom to tell: the lock, or null if another program is in the way
     */
    public void tryLock(long position, long size, boolean shared, RingCallback<@Nullable RingFileLock> callback) {
        requireRange(position, size);
        LockRequest request = new LockRequest(asAsynchronousFileChannel(), position, size, shared);
        new LockCall(ring, callback).run("ringflow-locking " + path, call -> {
            java.nio.channels.FileLock held = locks.tryLock(request);
            if (held == null) {
                call.refused();
            } else if (!call.completed(held)) {
                held.release();
            }
        });
    }

    // Time.

    /**
     * A view of this open file whose operations may take only so long: one that takes longer is cancelled, and fails
     * with {@link dev.ringflow.OperationTimeoutException}. When its future fails the kernel has let go of its memory. A
     * transfer that the ring cuts into parts has the time for each of them. Locks have no limit.
     *
     * <p>The driver nio cannot cancel what a helper thread has begun to do, such as a read of a pipe that nothing comes
     * from: there the time counts from the moment of asking, but the operation ends only with the call.
     *
     * <p>The view and this file are the same open file: closing either closes both. This file itself goes on without a
     * limit.
     *
     * @param timeout how long each operation may take from when it is handed to the kernel
     * @return a view
     * @throws IllegalArgumentException if {@code timeout} is not positive
     */
    public RingFile withTimeout(Duration timeout) {
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("A timeout must be positive, got " + timeout);
        }
        return new RingFile(this, saturatedNanos(timeout));
    }

    private static long saturatedNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException longerThanThreeCenturies) {
            return Long.MAX_VALUE / 2;
        }
    }

    // Closing.

    /**
     * Closes the file: cancels what is in flight on it, waits until the kernel has let go, and then closes. Closing
     * again has no effect.
     *
     * @return a future that completes when the file is closed
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        CompletableFuture<@Nullable Void> closed = closing.begin();
        locks.closeAfter(closed);
        return closed;
    }

    /** Does what {@link #closeAsync} does, and waits for it except on the loop thread. */
    @Override
    public void close() {
        closeAsync();
        closing.close();
        if (!ring.isLoopThread()) {
            locks.close();
        }
    }

    @Override
    public String toString() {
        return "RingFile[" + path + (isOpen() ? "" : ", closed") + "]";
    }
}
