package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Content that tells where it comes from, and guards around memory. */
final class Bytes {
    private Bytes() {}

    /** Byte i of every content: neighbours differ, and so do pages. */
    static byte at(long index) {
        return (byte) (index * 31 + (index >>> 8) * 17 + (index >>> 16));
    }

    static byte[] content(int length) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = at(i);
        }
        return content;
    }

    static Path file(Path directory, String name, int length) {
        try {
            return Files.write(directory.resolve(name), content(length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ByteBuffer direct(byte[] content) {
        return ByteBuffer.allocateDirect(content.length).put(content).flip();
    }

    static ByteBuffer direct(int length) {
        return ByteBuffer.allocateDirect(length);
    }

    /** What is between 0 and position. */
    static byte[] filled(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.position()];
        buffer.duplicate().clear().get(0, bytes);
        return bytes;
    }

    static byte[] remaining(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static void fill(ByteBuffer buffer, byte value) {
        ByteBuffer whole = buffer.duplicate().clear();
        while (whole.hasRemaining()) {
            whole.put(value);
        }
    }

    static void assertAll(ByteBuffer buffer, int from, int to, byte value) {
        ByteBuffer whole = buffer.duplicate().clear();
        for (int i = from; i < to; i++) {
            if (whole.get(i) != value) {
                assertThat(whole.get(i)).as("byte %d of %s", i, buffer).isEqualTo(value);
            }
        }
    }
}
