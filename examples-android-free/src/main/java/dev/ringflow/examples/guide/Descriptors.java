package dev.ringflow.examples.guide;

import dev.ringflow.Ring;
import dev.ringflow.file.RingFile;
import dev.ringflow.file.RingOpenOption;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files in the ring's own table. */
public final class Descriptors {
    private Descriptors() {}

    // snippet-begin: direct
    public static int readDirect(Ring ring, Path path, ByteBuffer buffer) {
        try (RingFile file = ring.openFileAsync(path, StandardOpenOption.READ, RingOpenOption.DIRECT_DESCRIPTOR)
                .join()) {
            return file.readAsync(buffer, 0).join();
        }
    }

    /** The same file with a descriptor of the process, for code that wants one. */
    public static int descriptorOf(RingFile direct) {
        try (RingFile installed = direct.installAsync().join()) {
            return installed.descriptor();
        }
    }
    // snippet-end: direct
}
