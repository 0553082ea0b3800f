package dev.ringflow.file;

import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingTask;
import dev.ringflow.RingTimer;
import dev.ringflow.spi.OpenFlags;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The locks on one open file. They are the JDK's: a channel of its own is opened on the same path when the first lock is
 * asked for, and closed with the file. So the JDK's table of the locks of this JVM sees them, and overlapping ones are
 * refused whoever holds them.
 *
 * <p>Any thread, except where a method says otherwise; nothing here waits on the loop thread.
 */
final class FileLocks {
    private final RingFile file;
    private final ReentrantLock opening = new ReentrantLock();

    /** Guarded by this. */
    private final List<LockRequest> pending = new ArrayList<>();

    /** Guarded by this. */
    private @Nullable FileChannel channel;

    /** Guarded by this: the ring tells it of its end. */
    private @Nullable RingTimer untilRingCloses;

    /** Guarded by this. */
    private boolean closed;

    FileLocks(RingFile file) {
        this.file = file;
    }

    /** Not on the loop thread. Answers null if another program holds an overlapping lock. */
    @Nullable
    FileLock tryLock(LockRequest request) throws IOException {
        claim(request);
        try {
            FileLock held = channel().tryLock(request.position(), request.size(), request.shared());
            return held == null ? null : new RegionLock(request, held);
        } finally {
            unclaim(request);
        }
    }

    /**
     * Acquires a lock: at once if that can be had, otherwise on a thread that waits. On the loop thread always on a
     * thread of its own, and then only locks of this file are known to overlap at once.
     *
     * @throws OverlappingFileLockException if this JVM holds or awaits an overlapping lock
     */
    void lock(LockRequest request, RingCallback<FileLock> callback) {
        if (!file.isOpen()) {
            callback.failed(new ClosedChannelException());
            return;
        }
        claim(request);
        if (file.ring.isLoopThread() || !acquireNow(request, callback)) {
            startThread("ringflow-lock-" + file.path.getFileName(), () -> acquire(request, callback));
        }
    }

    /** False if another program is in the way. */
    private boolean acquireNow(LockRequest request, RingCallback<FileLock> callback) {
        try {
            FileLock held = channel().tryLock(request.position(), request.size(), request.shared());
            if (held == null) {
                return false;
            }
            unclaim(request);
            deliver(request, held, callback);
        } catch (IOException e) {
            unclaim(request);
            callback.failed(e);
        } catch (RuntimeException e) {
            unclaim(request);
            throw e;
        }
        return true;
    }

    private void acquire(LockRequest request, RingCallback<FileLock> callback) {
        FileLock held;
        try {
            held = channel().lock(request.position(), request.size(), request.shared());
        } catch (ClosedChannelException closedMeanwhile) {
            unclaim(request);
            callback.failed(new AsynchronousCloseException());
            return;
        } catch (Throwable t) {
            unclaim(request);
            callback.failed(t);
            return;
        }
        unclaim(request);
        deliver(request, held, callback);
    }

    private void deliver(LockRequest request, FileLock held, RingCallback<FileLock> callback) {
        boolean taken = false;
        if (file.isOpen()) {
            taken = callback.completed(new RegionLock(request, held));
        } else {
            callback.failed(new AsynchronousCloseException());
        }
        if (!taken) {
            try {
                held.release();
            } catch (IOException closedMeanwhile) {
                // then it is released
            }
        }
    }

    private synchronized void claim(LockRequest request) {
        for (LockRequest each : pending) {
            if (each.overlaps(request)) {
                throw new OverlappingFileLockException();
            }
        }
        pending.add(request);
    }

    private synchronized void unclaim(LockRequest request) {
        pending.removeIf(each -> each == request);
    }

    // The channel. Opening a second one and closing it would release the locks of the first.

    private FileChannel channel() throws IOException {
        opening.lock();
        try {
            FileChannel existing = opened();
            return existing != null ? existing : publish(open());
        } finally {
            opening.unlock();
        }
    }

    private synchronized @Nullable FileChannel opened() throws ClosedChannelException {
        if (closed || !file.isOpen()) {
            throw new ClosedChannelException();
        }
        return channel;
    }

    private FileChannel publish(FileChannel opened) throws IOException {
        RingTimer timer;
        try {
            timer = file.ring.scheduleNanos(Long.MAX_VALUE, new ClosingWithRing());
        } catch (RingClosedException tooLate) {
            opened.close();
            throw new AsynchronousCloseException();
        }
        synchronized (this) {
            if (!closed) {
                channel = opened;
                untilRingCloses = timer;
                return opened;
            }
        }
        timer.cancel();
        opened.close();
        throw new AsynchronousCloseException();
    }

    /** A timer that never comes: a ring that is closed closes its files without asking them. */
    private final class ClosingWithRing implements RingTask {
        @Override
        public void run() {}

        @Override
        public void abandoned(RingClosedException why) {
            close();
        }
    }

    private FileChannel open() throws IOException {
        Set<OpenOption> options = new HashSet<>();
        if (OpenFlags.has(file.openFlags, OpenFlags.READ)) {
            options.add(StandardOpenOption.READ);
        }
        if (OpenFlags.has(file.openFlags, OpenFlags.WRITE)) {
            options.add(StandardOpenOption.WRITE);
        }
        try {
            if (namesThisFile()) {
                return FileChannel.open(file.path, options);
            }
        } catch (NoSuchFileException pathIsGone) {
            // told below
        }
        throw new FileSystemException(
                file.path.toString(),
                null,
                "It cannot be locked: the JDK locks by path, and this path no longer names the open file");
    }

    private boolean namesThisFile() throws IOException {
        if (!file.path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return true;
        }
        long inode = BlockingWait.uninterrupted(file.statAsync()).inode();
        return Files.getAttribute(file.path, "unix:ino") instanceof Number found && found.longValue() == inode;
    }

    // Closing.

    /** Ends all locks when the file is closed. Any thread: it does not wait here. */
    void closeAfter(CompletableFuture<?> fileClosed) {
        if (refuseFromNowOn() != null) {
            fileClosed.whenComplete((nothing, failure) -> startThread("ringflow-unlock-" + file.path, this::close));
        }
    }

    /** Releases all locks and fails the pending ones. Not on the loop thread. Whoever comes second waits for the first. */
    void close() {
        FileChannel open = refuseFromNowOn();
        if (open != null) {
            try {
                open.close();
            } catch (IOException nobodyIsLeftToTell) {
                // the descriptor is gone all the same
            }
        }
    }

    private synchronized @Nullable FileChannel refuseFromNowOn() {
        closed = true;
        if (untilRingCloses != null) {
            untilRingCloses.cancel();
            untilRingCloses = null;
        }
        return channel;
    }

    private static void startThread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
