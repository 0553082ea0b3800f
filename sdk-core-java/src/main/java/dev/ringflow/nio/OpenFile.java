package dev.ringflow.nio;

import dev.ringflow.spi.OpenFlags;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** A file and what has to be known of it beyond its channel. Any thread may use it. */
final class OpenFile implements Closeable {
    private final FileChannel channel;
    private final Path path;
    private final int openFlags;
    private final @Nullable Object key;

    /** Writers share it; extending the file is for one alone, since it writes the last byte. */
    private final ReadWriteLock size = new ReentrantReadWriteLock();

    /**
     * Wraps a channel.
     *
     * @param openFlags what it was opened with; see {@link OpenFlags}
     * @param key tells whether another file has the path later; null if the file system knows none
     */
    OpenFile(FileChannel channel, Path path, int openFlags, @Nullable Object key) {
        this.channel = channel;
        this.path = path;
        this.openFlags = openFlags;
        this.key = key;
    }

    FileChannel channel() {
        return channel;
    }

    Path path() {
        return path;
    }

    boolean appends() {
        return OpenFlags.has(openFlags, OpenFlags.APPEND);
    }

    boolean isDirect() {
        return OpenFlags.has(openFlags, OpenFlags.DIRECT_IO);
    }

    @Nullable
    Object key() {
        return key;
    }

    ReadWriteLock size() {
        return size;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
