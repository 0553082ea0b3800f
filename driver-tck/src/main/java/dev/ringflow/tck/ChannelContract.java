package dev.ringflow.tck;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the contracts of the JDK's channel classes share: a source for each test, and channels that are closed after. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ChannelContract {
    /** A directory on a real disk, empty at first. */
    @TempDir
    protected Path directory;

    private final List<Channel> opened = new ArrayList<>();
    private @Nullable ChannelSource source;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // directory: set by JUnit
    protected ChannelContract() {}

    /**
     * Whose channels are looked at.
     *
     * @return a new source
     */
    protected abstract ChannelSource newSource();

    @BeforeEach
    final void opensItsSource() {
        source = newSource();
    }

    @AfterEach
    final void closesWhatItOpened() throws IOException {
        for (Channel each : opened) {
            each.close();
        }
        if (source != null) {
            source.close();
        }
    }

    /**
     * Opens a channel, which is closed after the test.
     *
     * @param path the file
     * @param options how
     * @return an open channel
     * @throws IOException if it cannot be opened
     */
    protected final AsynchronousFileChannel asynchronous(Path path, OpenOption... options) throws IOException {
        return asynchronousWith(null, path, options);
    }

    /**
     * Opens a channel, which is closed after the test.
     *
     * @param handlers runs completion handlers
     * @param path the file
     * @param options how
     * @return an open channel
     * @throws IOException if it cannot be opened
     */
    protected final AsynchronousFileChannel asynchronousWith(
            @Nullable ExecutorService handlers, Path path, OpenOption... options) throws IOException {
        AsynchronousFileChannel channel =
                java.util.Objects.requireNonNull(source).asynchronous(path, handlers, options);
        opened.add(channel);
        return channel;
    }

    /**
     * Opens a channel, which is closed after the test.
     *
     * @param path the file
     * @param options how
     * @return an open channel
     * @throws IOException if it cannot be opened
     */
    protected final SeekableByteChannel seekable(Path path, OpenOption... options) throws IOException {
        SeekableByteChannel channel = java.util.Objects.requireNonNull(source).seekable(path, options);
        opened.add(channel);
        return channel;
    }

    /** Keeps what a completion handler is told, and by which thread. */
    static final class Told<T> implements CompletionHandler<T, @Nullable Object> {
        private final CompletableFuture<T> outcome = new CompletableFuture<>();
        private volatile @Nullable Object attachment;
        private volatile @Nullable Thread thread;

        CompletableFuture<T> outcome() {
            return outcome;
        }

        @Nullable
        Object attachment() {
            return attachment;
        }

        @Nullable
        Thread thread() {
            return thread;
        }

        @Override
        public void completed(T result, @Nullable Object attached) {
            attachment = attached;
            thread = Thread.currentThread();
            if (!outcome.complete(result)) {
                throw new AssertionError("told twice");
            }
        }

        @Override
        public void failed(Throwable exc, @Nullable Object attached) {
            attachment = attached;
            thread = Thread.currentThread();
            if (!outcome.completeExceptionally(exc)) {
                throw new AssertionError("told twice", exc);
            }
        }
    }
}
