package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** A file on a real disk: each block begins with its position, the rest is random. Removed at the end. */
final class TestFile implements AutoCloseable {
    private static final int CHUNK = 1 << 20;

    private final Path path;
    private final long size;

    private TestFile(final Path path, final long size) {
        this.path = path;
        this.size = size;
    }

    /** Writes a file of so many bytes, rounded down to whole MiB. */
    static TestFile write(final Path directory, final long bytes) throws IOException {
        final Path path = Files.createTempFile(Files.createDirectories(directory), "ringflow-bench", ".bin");
        final long size = Math.max(1, bytes / CHUNK) * CHUNK;
        final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.nativeOrder());
        final Random random = new Random(4);
        while (chunk.hasRemaining()) {
            chunk.putLong(random.nextLong());
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (long done = 0; done < size; done += CHUNK) {
                for (int block = 0; block < CHUNK; block += ReadPlan.BLOCK) {
                    chunk.putLong(block, done + block);
                }
                chunk.clear();
                while (chunk.hasRemaining()) {
                    channel.write(chunk);
                }
            }
            channel.force(true);
        }
        return new TestFile(path, size);
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    /** Brings the file into the page cache. */
    void readAll() throws IOException {
        final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        try (FileChannel channel = FileChannel.open(path)) {
            while (channel.read(chunk.clear()) > 0) {
                // only to have it read
            }
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
