package dev.ringflow.tck;

import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import dev.ringflow.file.RingFile;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Whose channels a contract looks at: the JDK's own, which proves the contract right, or the views of a ring's files. */
public abstract class ChannelSource implements AutoCloseable {
    private ChannelSource() {}

    /**
     * The JDK's channels.
     *
     * @return a source
     */
    public static ChannelSource jdk() {
        return new Jdk();
    }

    /**
     * The views of files on a ring.
     *
     * @param driver the driver's name; one that cannot be used skips the test
     * @return a source with a ring of its own
     */
    public static ChannelSource ring(String driver) {
        DriverContract.requireDriver(driver);
        return new OfRing(Ring.open(RingOptions.builder().driver(driver).build()));
    }

    /**
     * Opens a channel.
     *
     * @param path the file
     * @param handlers runs completion handlers; null for the source's own threads
     * @param options how
     * @return an open channel
     * @throws IOException if it cannot be opened
     */
    public abstract AsynchronousFileChannel asynchronous(
            Path path, @Nullable ExecutorService handlers, OpenOption... options) throws IOException;

    /**
     * Opens a channel.
     *
     * @param path the file
     * @param options how
     * @return an open channel
     * @throws IOException if it cannot be opened
     */
    public abstract SeekableByteChannel seekable(Path path, OpenOption... options) throws IOException;

    /** Closes what the channels are on. */
    @Override
    public abstract void close();

    private static final class Jdk extends ChannelSource {
        @Override
        public AsynchronousFileChannel asynchronous(
                Path path, @Nullable ExecutorService handlers, OpenOption... options) throws IOException {
            return AsynchronousFileChannel.open(path, Set.of(options), handlers);
        }

        @Override
        public SeekableByteChannel seekable(Path path, OpenOption... options) throws IOException {
            return FileChannel.open(path, options);
        }

        @Override
        public void close() {}
    }

    private static final class OfRing extends ChannelSource {
        private final Ring ring;

        OfRing(Ring ring) {
            this.ring = ring;
        }

        @Override
        public AsynchronousFileChannel asynchronous(
                Path path, @Nullable ExecutorService handlers, OpenOption... options) {
            RingFile file = DriverContract.await(ring.openFileAsync(path, options));
            return handlers == null ? file.asAsynchronousFileChannel() : file.asAsynchronousFileChannel(handlers);
        }

        @Override
        public SeekableByteChannel seekable(Path path, OpenOption... options) {
            return DriverContract.await(ring.openFileAsync(path, options)).asSeekableByteChannel();
        }

        @Override
        public void close() {
            DriverContract.await(ring.closeAsync());
        }
    }
}
