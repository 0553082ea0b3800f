package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What {@link AsynchronousFileChannel} and {@link FileLock} specify of locks. */
public abstract class AsynchronousFileChannelLockContract extends ChannelContract {
    /** For subclasses. */
    protected AsynchronousFileChannelLockContract() {}

    private AsynchronousFileChannel channel() throws IOException {
        return asynchronous(Bytes.file(directory, "a", 100), READ, WRITE);
    }

    private Path path() {
        return directory.resolve("a");
    }

    @Test
    void lockIsValidUntilItIsReleased() throws IOException {
        AsynchronousFileChannel channel = channel();
        FileLock lock = DriverContract.await(channel.lock());
        assertThat(lock.isValid()).isTrue();
        assertThat(lock.isShared()).isFalse();
        assertThat(lock.acquiredBy()).isSameAs(channel);
        assertThat(lock.channel()).isNull();
        assertThat(lock.position()).isZero();
        assertThat(lock.size()).isEqualTo(Long.MAX_VALUE);
        lock.release();
        assertThat(lock.isValid()).isFalse();
        lock.release();
        lock.close();
        try (FileLock again = DriverContract.await(channel.lock(10, 20, false))) {
            assertThat(again.isValid()).isTrue();
            assertThat(again.position()).isEqualTo(10);
            assertThat(again.size()).isEqualTo(20);
        }
        FileLock tried = channel.tryLock();
        assertThat(tried).isNotNull();
        assertThat(tried.acquiredBy()).isSameAs(channel);
        tried.release();
    }

    @Test
    void handlerIsToldTheLock() throws IOException {
        AsynchronousFileChannel channel = channel();
        Told<FileLock> told = new Told<>();
        channel.lock("attachment", told);
        FileLock lock = DriverContract.await(told.outcome());
        assertThat(lock.isValid()).isTrue();
        assertThat(told.attachment()).isEqualTo("attachment");
        assertThat(told.thread()).isNotSameAs(Thread.currentThread());
        lock.release();
        Told<FileLock> shared = new Told<>();
        channel.lock(0, 10, true, null, shared);
        assertThat(DriverContract.await(shared.outcome()).isShared()).isTrue();
    }

    @Test
    void overlappingLocksOfThisProgramAreRefused() throws IOException {
        AsynchronousFileChannel channel = channel();
        FileLock lock = DriverContract.await(channel.lock(10, 20, false));
        assertThatThrownBy(() -> channel.lock(29, 5, false)).isInstanceOf(OverlappingFileLockException.class);
        assertThatThrownBy(() -> channel.lock(0, 11, true)).isInstanceOf(OverlappingFileLockException.class);
        assertThatThrownBy(() -> channel.lock(null, new Told<>())).isInstanceOf(OverlappingFileLockException.class);
        assertThatThrownBy(channel::tryLock).isInstanceOf(OverlappingFileLockException.class);
        FileLock before = DriverContract.await(channel.lock(0, 10, false));
        FileLock after = DriverContract.await(channel.lock(30, 5, true));
        assertThat(before.isValid() && after.isValid()).isTrue();
        lock.release();
        DriverContract.await(channel.lock(10, 20, false)).release();
    }

    @Test
    void overlappingLocksOfOtherChannelsOfThisProgramAreRefused() throws IOException {
        AsynchronousFileChannel channel = channel();
        AsynchronousFileChannel another = asynchronous(path(), READ, WRITE);
        try (FileChannel plain = FileChannel.open(path(), READ, WRITE)) {
            FileLock lock = DriverContract.await(channel.lock(10, 20, false));
            assertThatThrownBy(() -> another.lock(10, 1, false)).isInstanceOf(OverlappingFileLockException.class);
            assertThatThrownBy(() -> another.tryLock(10, 1, false)).isInstanceOf(OverlappingFileLockException.class);
            assertThatThrownBy(() -> plain.tryLock(10, 1, false)).isInstanceOf(OverlappingFileLockException.class);
            lock.release();
            FileLock others = plain.tryLock(10, 1, false);
            assertThat(others).isNotNull();
            assertThatThrownBy(() -> channel.tryLock(0, 100, false)).isInstanceOf(OverlappingFileLockException.class);
            assertThatThrownBy(() -> channel.lock(0, 100, false)).isInstanceOf(OverlappingFileLockException.class);
            others.release();
        }
    }

    @Test
    void wrongRegionsAreRefused() throws IOException {
        AsynchronousFileChannel channel = channel();
        assertThatThrownBy(() -> channel.lock(-1, 1, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.lock(1, -1, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.lock(Long.MAX_VALUE, 1, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.tryLock(-1, 1, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.tryLock(1, Long.MAX_VALUE, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.lock(null, AsynchronousFileChannelContract.<FileLock>absent()))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void lockNeedsTheAccessItStandsFor() throws IOException {
        Path path = Bytes.file(directory, "a", 10);
        AsynchronousFileChannel readOnly = asynchronous(path, READ);
        AsynchronousFileChannel writeOnly = asynchronous(path, WRITE);
        assertThatThrownBy(() -> readOnly.lock(0, 1, false)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> readOnly.tryLock(0, 1, false)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> writeOnly.lock(0, 1, true)).isInstanceOf(NonReadableChannelException.class);
        assertThatThrownBy(() -> writeOnly.tryLock(0, 1, true)).isInstanceOf(NonReadableChannelException.class);
        DriverContract.await(readOnly.lock(0, 1, true)).release();
        DriverContract.await(writeOnly.lock(0, 1, false)).release();
    }

    @Test
    void closingInvalidatesLocks() throws IOException {
        AsynchronousFileChannel channel = channel();
        FileLock lock = DriverContract.await(channel.lock());
        channel.close();
        assertThat(lock.isValid()).isFalse();
        assertThatThrownBy(lock::release).isInstanceOf(ClosedChannelException.class);
        FileLock next = asynchronous(path(), READ, WRITE).tryLock();
        assertThat(next).isNotNull();
        next.release();
    }

    @Test
    void lockExcludesOtherProgramsAndTheyExcludeThisOne() throws Exception {
        AsynchronousFileChannel channel = channel();
        try (LockHolder other = new LockHolder(path())) {
            FileLock lock = DriverContract.await(channel.lock(0, 50, false));
            assertThat(other.tryLock(49, 2, false)).isFalse();
            assertThat(other.tryLock(50, 10, false)).isTrue();
            assertThat(channel.tryLock(50, 1, false)).isNull();
            lock.release();
            other.release();
            assertThat(other.tryLock(0, 50, false)).isTrue();
            Future<FileLock> waiting = channel.lock(0, 10, false);
            assertThatThrownBy(() -> channel.lock(5, 10, false)).isInstanceOf(OverlappingFileLockException.class);
            Told<FileLock> alsoWaiting = new Told<>();
            channel.lock(20, 10, false, null, alsoWaiting);
            assertThat(waiting.isDone()).isFalse();
            assertThat(alsoWaiting.outcome()).isNotDone();
            other.release();
            assertThat(DriverContract.await(waiting).isValid()).isTrue();
            assertThat(DriverContract.await(alsoWaiting.outcome()).isValid()).isTrue();
            assertThat(other.tryLock(5, 1, false)).isFalse();
        }
    }

    @Test
    void sharedLocksOfProgramsStandTogether() throws Exception {
        AsynchronousFileChannel channel = channel();
        try (LockHolder other = new LockHolder(path())) {
            assertThat(other.tryLock(0, 50, true)).isTrue();
            FileLock shared = channel.tryLock(0, 50, true);
            assertThat(shared).isNotNull();
            assertThat(shared.isShared()).isTrue();
            shared.release();
            assertThat(channel.tryLock(0, 50, false)).isNull();
        }
    }

    /**
     * Whether a thread that waits for a lock goes on when the JDK's channel, by which it waits, is closed.
     *
     * @return false on Windows, where nothing interrupts it
     */
    protected boolean closingEndsLocksThatAreWaitedFor() {
        return true;
    }

    @Test
    void closingEndsALockThatIsWaitedFor() throws Exception {
        Assumptions.assumeTrue(
                closingEndsLocksThatAreWaitedFor(), "this system ends no wait for a lock when the file is closed");
        AsynchronousFileChannel channel = channel();
        try (LockHolder other = new LockHolder(path())) {
            assertThat(other.tryLock(0, 50, false)).isTrue();
            Future<FileLock> waiting = channel.lock(0, 10, false);
            Told<FileLock> alsoWaiting = new Told<>();
            channel.lock(20, 10, false, null, alsoWaiting);
            channel.close();
            assertThat(DriverContract.failureOf(waiting)).isInstanceOf(AsynchronousCloseException.class);
            assertThat(DriverContract.failureOf(alsoWaiting.outcome())).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    void waitingForALockCanBeCancelled() throws Exception {
        AsynchronousFileChannel channel = channel();
        try (LockHolder other = new LockHolder(path())) {
            assertThat(other.tryLock(0, 50, false)).isTrue();
            Future<FileLock> waiting = channel.lock(0, 10, false);
            assertThat(waiting.cancel(false)).isTrue();
            assertThat(waiting.isCancelled()).isTrue();
            assertThatThrownBy(waiting::get).isInstanceOf(CancellationException.class);
            assertThat(channel.isOpen()).isTrue();
        }
    }
}
