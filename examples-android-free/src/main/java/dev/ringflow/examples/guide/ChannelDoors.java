package dev.ringflow.examples.guide;

import dev.ringflow.Ring;
import dev.ringflow.file.RingFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;

/** Files of a ring for code that knows only the JDK's channels. */
public final class ChannelDoors {
    private ChannelDoors() {}

    // snippet-begin: doors
    /**
     * The first line of a file, by code that reads channels and blocks.
     *
     * @param ring the ring
     * @param path the file
     * @return the line
     * @throws IOException if it cannot be read
     */
    public static String firstLine(Ring ring, Path path) throws IOException {
        RingFile file = ring.openFileAsync(path, StandardOpenOption.READ).join();
        try (SeekableByteChannel channel = file.asSeekableByteChannel();
                BufferedReader reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            return reader.readLine();
        }
    }

    /**
     * The first bytes of a file, by code that was written for asynchronous channels.
     *
     * @param ring the ring
     * @param path the file
     * @param buffer where to
     * @return how many bytes
     * @throws IOException if the channel cannot be closed
     * @throws ExecutionException if the file cannot be read
     * @throws InterruptedException if the thread is interrupted
     */
    public static int firstBytes(Ring ring, Path path, ByteBuffer buffer)
            throws IOException, ExecutionException, InterruptedException {
        RingFile file = ring.openFileAsync(path, StandardOpenOption.READ).join();
        try (AsynchronousFileChannel channel = file.asAsynchronousFileChannel()) {
            return channel.read(buffer, 0).get();
        }
    }
    // snippet-end: doors
}
