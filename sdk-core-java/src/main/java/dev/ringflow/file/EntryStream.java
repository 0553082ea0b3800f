package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingTask;
import dev.ringflow.RingTimer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a directory or of a tree, a handful at a time and only when they are asked for: the layer below
 * {@link RingFileSystem#entriesPublisher} and the coroutines. No kernel lists directories by a ring, so the JDK does it on
 * a helper thread.
 *
 * <p>Any thread may use it, one at a time. Whoever makes a stream closes it; closing its ring closes it too.
 */
public final class EntryStream implements AutoCloseable {
    /** The most that one answer holds. */
    private static final int BATCH = 64;

    private final Ring ring;
    private final BlockingCalls.Call<Stream<Path>> source;
    private @Nullable Consumer<RingClosedException> whenRingCloses;
    private @Nullable Stream<Path> stream;
    private @Nullable Iterator<Path> entries;
    private @Nullable RingTimer untilRingCloses;
    private boolean reading;
    private boolean ended;
    private boolean closed;

    EntryStream(Ring ring, BlockingCalls.Call<Stream<Path>> source) {
        this.ring = ring;
        this.source = source;
    }

    /** Whom to tell that the ring closes, also while nobody waits for entries; before the first {@link #next}. */
    void whenRingCloses(Consumer<RingClosedException> listener) throws RingClosedException {
        whenRingCloses = listener;
        watchRing();
    }

    /**
     * Asks for the next entries.
     *
     * @param callback told at least 1 and at most 64 entries, or none at the end; fails with an
     *     {@link java.io.IOException} of the listing, with {@link ClosedChannelException} after {@link #close()}, or with
     *     {@link RingClosedException}
     * @throws IllegalStateException if the answer before is still awaited
     */
    public void next(RingCallback<List<Path>> callback) {
        next(BATCH, callback);
    }

    /** As {@link #next(RingCallback)}, for no more than so many. */
    void next(long most, RingCallback<List<Path>> callback) {
        Objects.requireNonNull(callback, "callback");
        synchronized (this) {
            if (reading) {
                throw new IllegalStateException("The entries before are still awaited");
            }
            reading = true;
        }
        int count = (int) Math.min(BATCH, most);
        BlockingCalls.start(ring, () -> read(count), new RingCallback<>() {
            @Override
            public boolean completed(List<Path> batch) {
                if (!endReading()) {
                    callback.failed(new AsynchronousCloseException());
                    return false;
                }
                return callback.completed(batch);
            }

            @Override
            public void failed(Throwable cause) {
                endReading();
                close();
                callback.failed(cause);
            }
        });
    }

    private List<Path> read(int most) throws java.io.IOException {
        synchronized (this) {
            if (closed) {
                throw new ClosedChannelException();
            } else if (ended) {
                return List.of();
            }
        }
        Iterator<Path> from = entries;
        if (from == null) {
            if (whenRingCloses == null) {
                watchRing();
            }
            stream = source.run();
            from = stream.iterator();
            entries = from;
        }
        List<Path> batch = new ArrayList<>();
        while (batch.size() < most && from.hasNext()) {
            batch.add(from.next());
        }
        if (batch.isEmpty()) {
            synchronized (this) {
                ended = true;
            }
        }
        return batch;
    }

    /** A timer that never comes: the ring tells it of its end. */
    private void watchRing() throws RingClosedException {
        RingTimer timer = ring.scheduleNanos(Long.MAX_VALUE, new RingTask() {
            @Override
            public void run() {}

            @Override
            public void abandoned(RingClosedException why) {
                close();
                Consumer<RingClosedException> listener = whenRingCloses;
                if (listener != null) {
                    listener.accept(why);
                }
            }
        });
        synchronized (this) {
            untilRingCloses = timer;
        }
    }

    /** Whether anybody still wants what was read. */
    private boolean endReading() {
        synchronized (this) {
            reading = false;
            if (!closed) {
                return true;
            }
        }
        release();
        return false;
    }

    /** Ends the listing, and lets the directory go: at once, or when the answer that is awaited has come. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (reading) {
                return;
            }
        }
        release();
    }

    private void release() {
        RingTimer timer;
        synchronized (this) {
            timer = untilRingCloses;
            untilRingCloses = null;
        }
        if (timer != null) {
            timer.cancel();
        }
        Stream<Path> open = stream;
        stream = null;
        if (open != null) {
            open.close();
        }
    }
}
