package dev.ringflow.examples.guide;

import static java.nio.file.StandardOpenOption.READ;

import dev.ringflow.Ring;
import dev.ringflow.file.RingFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The first read, in Java. */
public final class FirstReadJava {
    private FirstReadJava() {}

    // snippet-begin: first-read
    public static String beginningOf(Path path) {
        try (Ring ring = Ring.open();
                RingFile file = ring.openFileAsync(path, READ).join()) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
            file.readAsync(buffer, 0L).join();
            return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
        }
    }
    // snippet-end: first-read
}
