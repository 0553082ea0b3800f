package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.file.RingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.InterruptibleChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the channel views of a file do beyond the JDK's contracts: the loop thread, closing, and the ring's end. */
public abstract class FileViewContract extends DriverContract {
    /** For subclasses. */
    protected FileViewContract() {}

    /**
     * Whether the driver reads a pipe at a position, as the ring's kernel does and the JDK does not.
     *
     * @return true unless a subclass says otherwise
     */
    protected boolean readsPipes() {
        return true;
    }

    private RingFile file() {
        return await(ring().openFileAsync(Bytes.file(directory, "a", 100), READ, WRITE));
    }

    // The loop thread.

    @Test
    void callThatWouldWaitOnTheLoopThreadIsRefusedAndTheRingGoesOn() throws IOException {
        RingFile file = file();
        SeekableByteChannel blocking = file.asSeekableByteChannel();
        AsynchronousFileChannel asynchronous = file.asAsynchronousFileChannel();
        ByteBuffer buffer = ByteBuffer.allocate(1);
        List<ThrowingCallable> calls = List.of(
                () -> blocking.read(buffer),
                () -> blocking.write(buffer),
                blocking::size,
                blocking::position,
                () -> blocking.position(0),
                () -> blocking.truncate(0),
                asynchronous::size,
                () -> asynchronous.truncate(0),
                () -> asynchronous.force(true),
                asynchronous::tryLock);
        List<Throwable> thrown = onLoop(
                ring(),
                () -> calls.stream()
                        .map(org.assertj.core.api.Assertions::catchThrowable)
                        .toList());
        assertThat(thrown)
                .allSatisfy(each -> assertThat(each)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("loop thread")
                        .hasMessageContaining(file.path().toString()));
        assertThat(buffer.position()).isZero();
        assertThat(asynchronous.size()).isEqualTo(100);
        assertThat(blocking.read(buffer)).isEqualTo(1);
    }

    @Test
    void handlersRunOnTheLoopThreadAndStartOperationsThere() throws IOException {
        RingFile file = file();
        AsynchronousFileChannel channel = file.asAsynchronousFileChannel();
        ChannelContract.Told<Integer> second = new ChannelContract.Told<>();
        boolean[] onStack = new boolean[2];
        channel.read(ByteBuffer.allocate(10), 0, null, new java.nio.channels.CompletionHandler<Integer, Object>() {
            @Override
            public void completed(Integer bytes, Object attachment) {
                onStack[0] = ring().isLoopThread();
                channel.read(ByteBuffer.allocate(bytes), 95, null, second);
                onStack[1] = second.outcome().isDone();
            }

            @Override
            public void failed(Throwable cause, Object attachment) {
                second.failed(cause, attachment);
            }
        });
        assertThat(await(second.outcome())).isEqualTo(5);
        assertThat(onStack).containsExactly(true, false);
        assertThat(second.thread()).isSameAs(onLoop(ring(), Thread::currentThread));
    }

    @Test
    void lockOnTheLoopThreadIsAcquiredElsewhere() throws IOException {
        RingFile file = file();
        AsynchronousFileChannel channel = file.asAsynchronousFileChannel();
        Future<FileLock> locking = onLoop(ring(), channel::lock);
        FileLock lock = await(locking);
        assertThat(lock.isValid()).isTrue();
        ChannelContract.Told<FileLock> told = new ChannelContract.Told<>();
        onLoop(ring(), () -> {
            channel.lock(null, told);
            return null;
        });
        assertThat(failureOf(told.outcome())).isInstanceOf(java.nio.channels.OverlappingFileLockException.class);
        assertThat(told.thread()).isSameAs(onLoop(ring(), Thread::currentThread));
        assertThatCode(() -> onLoop(ring(), () -> {
                    try {
                        lock.release();
                        return null;
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }))
                .doesNotThrowAnyException();
        assertThat(lock.isValid()).isFalse();
    }

    @Test
    void handlerThatThrowsHarmsNobodyElse() throws IOException {
        RingFile file = file();
        AsynchronousFileChannel channel = file.asAsynchronousFileChannel();
        CompletableFuture<Integer> reached = new CompletableFuture<>();
        channel.read(ByteBuffer.allocate(10), 0, null, new java.nio.channels.CompletionHandler<Integer, Object>() {
            @Override
            public void completed(Integer bytes, Object attachment) {
                reached.complete(bytes);
                throw new IllegalStateException("thrown by a test");
            }

            @Override
            public void failed(Throwable cause, Object attachment) {
                reached.completeExceptionally(cause);
            }
        });
        assertThat(await(reached)).isEqualTo(10);
        assertThat(await(channel.read(ByteBuffer.allocate(10), 0))).isEqualTo(10);
        eventually("the loop counts it", () -> ring().metrics().callbackFailures() == 1);
    }

    /** The JDK's own channel fails there: the system sees that the end overflows. */
    @Test
    void endIsMinusOneAlsoWhereNoFileReaches() {
        AsynchronousFileChannel channel = file().asAsynchronousFileChannel();
        for (long position : new long[] {Long.MAX_VALUE - 100, Long.MAX_VALUE - 16, Long.MAX_VALUE}) {
            ByteBuffer in = ByteBuffer.allocate(16);
            assertThat(await(channel.read(in, position))).as("at %d", position).isEqualTo(-1);
            assertThat(in.position()).isZero();
        }
    }

    // Closing.

    @Test
    void viewsAndFileAreClosedTogetherAndOnce() throws IOException {
        for (int round = 0; round < 3; round++) {
            RingFile file = file();
            RingFile another = await(ring().openFileAsync(file.path()));
            AsynchronousFileChannel asynchronous = file.asAsynchronousFileChannel();
            SeekableByteChannel blocking = file.asSeekableByteChannel();
            assertThat(blocking).isInstanceOf(InterruptibleChannel.class);
            assertThat(ring().metrics().openHandles()).isEqualTo(2);
            List<AutoCloseable> all = new ArrayList<>(List.of(asynchronous, blocking, file));
            java.util.Collections.rotate(all, round);
            for (AutoCloseable each : all) {
                assertThatCode(each::close).doesNotThrowAnyException();
                assertThat(ring().metrics().openHandles()).isEqualTo(1);
                assertThat(file.isOpen() || asynchronous.isOpen() || blocking.isOpen())
                        .isFalse();
            }
            assertThatThrownBy(() -> blocking.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
            assertThat(await(another.readAsync(Bytes.direct(1), 0))).isEqualTo(1);
            await(another.closeAsync());
        }
    }

    @Test
    void closingOnTheLoopThreadOnlyBegins() throws IOException {
        RingFile first = file();
        RingFile second = file();
        onLoop(ring(), () -> {
            try {
                first.asAsynchronousFileChannel().close();
                second.asSeekableByteChannel().close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return null;
        });
        assertThat(first.isOpen() || second.isOpen()).isFalse();
        eventually("both are closed", () -> ring().metrics().openHandles() == 0);
    }

    @Test
    void ringThatIsClosedHasClosedItsChannels() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor(task -> new Thread(task, "the pool's"));
        try {
            Ring closing = open(options());
            RingFile file = await(closing.openFileAsync(Bytes.file(directory, "a", 10), READ, WRITE));
            AsynchronousFileChannel channel = file.asAsynchronousFileChannel();
            AsynchronousFileChannel pooled = file.asAsynchronousFileChannel(pool);
            SeekableByteChannel blocking = file.asSeekableByteChannel();
            FileLock lock = channel.tryLock();
            assertThat(lock).isNotNull();
            closing.close();
            assertThat(channel.isOpen()).isFalse();
            assertThat(lock.isValid()).isFalse();
            ByteBuffer buffer = ByteBuffer.allocate(1);
            assertThat(failureOf(channel.read(buffer, 0))).isInstanceOf(ClosedChannelException.class);
            assertThat(failureOf(channel.lock())).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> blocking.read(buffer)).isInstanceOf(ClosedChannelException.class);
            ChannelContract.Told<Integer> told = new ChannelContract.Told<>();
            channel.read(buffer, 0, null, told);
            assertThat(failureOf(told.outcome())).isInstanceOf(ClosedChannelException.class);
            assertThat(told.thread()).isNotSameAs(Thread.currentThread());
            ChannelContract.Told<Integer> onPool = new ChannelContract.Told<>();
            pooled.read(buffer, 0, null, onPool);
            assertThat(failureOf(onPool.outcome())).isInstanceOf(ClosedChannelException.class);
            assertThat(onPool.thread()).extracting(Thread::getName).isEqualTo("the pool's");
            assertThatThrownBy(lock::release).isInstanceOf(ClosedChannelException.class);
            try (FileChannel plain = FileChannel.open(file.path(), WRITE)) {
                assertThat(plain.tryLock()).isNotNull();
            }
            channel.close();
            blocking.close();
        } finally {
            pool.shutdown();
        }
    }

    // Waiting for what may never come: a pipe that nobody writes to.

    private RingFile pipe() throws Exception {
        Assumptions.assumeTrue(readsPipes(), "the JDK does not read pipes at a position");
        Path path = directory.resolve("pipe");
        Process made;
        try {
            made = new ProcessBuilder("mkfifo", path.toString()).start();
        } catch (IOException e) {
            Assumptions.abort("no mkfifo here: " + e.getMessage());
            throw e;
        }
        assertThat(made.waitFor()).isZero();
        return await(ring().openFileAsync(path, READ, WRITE));
    }

    @Test
    void closingEndsAReadThatNothingComesFor() throws Exception {
        RingFile file = pipe();
        AsynchronousFileChannel channel = file.asAsynchronousFileChannel();
        Future<Integer> future = channel.read(Bytes.direct(10), 0);
        ChannelContract.Told<Integer> told = new ChannelContract.Told<>();
        channel.read(ByteBuffer.allocate(10), 0, null, told);
        CompletableFuture<Integer> blocked = OwnThread.supply(() -> {
            try {
                return file.asSeekableByteChannel().read(ByteBuffer.allocate(10));
            } catch (IOException e) {
                throw new java.util.concurrent.CompletionException(e);
            }
        });
        eventually("all wait", () -> ring().metrics().inFlight() == 3);
        channel.close();
        assertThat(failureOf(future)).isInstanceOf(AsynchronousCloseException.class);
        assertThat(failureOf(told.outcome())).isInstanceOf(AsynchronousCloseException.class);
        assertThat(failureOf(blocked)).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void cancelReachesTheKernelAndLeavesTheChannelOpen() throws Exception {
        RingFile file = pipe();
        AsynchronousFileChannel channel = file.asAsynchronousFileChannel();
        for (boolean mayInterrupt : new boolean[] {false, true}) {
            Future<Integer> future = channel.read(Bytes.direct(10), 0);
            eventually("it waits", () -> ring().metrics().inFlight() == 1);
            assertThat(future.cancel(mayInterrupt)).isTrue();
            eventually("the kernel has let go", () -> ring().metrics().inFlight() == 0);
            assertThat(channel.isOpen()).isTrue();
        }
        await(channel.write(ByteBuffer.wrap(new byte[] {5}), 0));
        ByteBuffer in = ByteBuffer.allocate(10);
        assertThat(await(channel.read(in, 0))).isEqualTo(1);
        assertThat(in.get(0)).isEqualTo((byte) 5);
    }

    @Test
    void interruptEndsAReadThatNothingComesForAndTheKernelHasLetGo() throws Exception {
        RingFile file = pipe();
        SeekableByteChannel channel = file.asSeekableByteChannel();
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            outcome.complete(
                    org.assertj.core.api.Assertions.catchThrowable(() -> channel.read(ByteBuffer.allocate(10))));
            interrupted.complete(Thread.interrupted());
        });
        reader.start();
        eventually("it waits", () -> ring().metrics().inFlight() == 1);
        reader.interrupt();
        assertThat(await(outcome)).isInstanceOf(ClosedByInterruptException.class);
        assertThat(ring().metrics().inFlight()).isZero();
        assertThat(await(interrupted)).isTrue();
        assertThat(file.isOpen()).isFalse();
    }

    // Locks.

    @Test
    void lockOfSizeZeroReachesTheEndOfAllFiles() throws IOException {
        AsynchronousFileChannel channel = file().asAsynchronousFileChannel();
        FileLock lock = await(channel.lock(10, 0, false));
        assertThat(lock.size()).isEqualTo(Long.MAX_VALUE - 10);
        lock.release();
        FileLock tried = channel.tryLock(7, 0, true);
        assertThat(tried).isNotNull();
        assertThat(tried.size()).isEqualTo(Long.MAX_VALUE - 7);
    }

    @Test
    void fileWhosePathIsAnothersNowIsNotLocked() throws IOException {
        Assumptions.assumeTrue(hasAttributes("unix"), "files have no numbers here");
        RingFile gone = file();
        Files.delete(gone.path());
        AsynchronousFileChannel first = gone.asAsynchronousFileChannel();
        assertThatThrownBy(first::tryLock)
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("no longer names");
        RingFile replaced = file();
        Files.move(Bytes.file(directory, "b", 10), replaced.path(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        AsynchronousFileChannel second = replaced.asAsynchronousFileChannel();
        assertThatThrownBy(second::tryLock).isInstanceOf(FileSystemException.class);
        assertThat(failureOf(second.lock())).isInstanceOf(FileSystemException.class);
        assertThat(await(second.read(ByteBuffer.allocate(100), 0))).isEqualTo(100);
    }

    @Test
    void closingTheFileItselfReleasesItsLocksAndTheirDescriptor() throws IOException {
        Leftovers.assumeVisible();
        Path path = Bytes.file(directory, "a", 100);
        await(ring().openFileAsync(path).thenCompose(RingFile::closeAsync));
        Leftovers before = Leftovers.now();
        for (int round = 0; round < 3; round++) {
            RingFile file = await(ring().openFileAsync(path, READ, WRITE));
            FileLock lock = await(file.asAsynchronousFileChannel().lock());
            if (round == 0) {
                file.close();
            } else if (round == 1) {
                await(file.closeAsync());
            } else {
                onLoop(ring(), () -> {
                    file.close();
                    return null;
                });
            }
            assertThat(lock.isValid()).isFalse();
            eventually("all is given back", () -> Leftovers.now().isNoMoreThan(before));
            try (FileChannel plain = FileChannel.open(path, WRITE)) {
                assertThat(plain.tryLock()).isNotNull();
            }
        }
    }

    @Test
    void lockThatComesForACancelledFutureIsReleased() throws Exception {
        AsynchronousFileChannel channel = file().asAsynchronousFileChannel();
        try (LockHolder other = new LockHolder(directory.resolve("a"))) {
            assertThat(other.tryLock(0, 50, false)).isTrue();
            Future<FileLock> waiting = channel.lock(0, 50, false);
            assertThat(waiting.cancel(true)).isTrue();
            other.release();
            eventually("the lock can be had by the other", () -> {
                try {
                    FileLock mine = channel.tryLock(0, 50, false);
                    if (mine != null) {
                        mine.release();
                    }
                    return mine != null && other.tryLock(0, 50, false);
                } catch (java.nio.channels.OverlappingFileLockException stillWaiting) {
                    return false;
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }
    }
}
