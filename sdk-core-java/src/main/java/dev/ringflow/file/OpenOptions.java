package dev.ringflow.file;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** Translates the JDK's open options, with the JDK's rules. */
final class OpenOptions {
    /** In the module jdk.unsupported, which this one does without. */
    private static final String DIRECT_OF_THE_JDK = "com.sun.nio.file.ExtendedOpenOption";

    private OpenOptions() {}

    /**
     * Rules as in {@link java.nio.channels.FileChannel#open}: reading is the default, appending implies writing, and
     * creation and truncation count only for writing.
     */
    static int flags(OpenOption... options) {
        int flags = 0;
        for (OpenOption each : options) {
            flags |= flag(Objects.requireNonNull(each, "option"));
        }
        if (OpenFlags.has(flags, OpenFlags.APPEND)) {
            if (OpenFlags.has(flags, OpenFlags.READ)) {
                throw new IllegalArgumentException("READ + APPEND not allowed, as for FileChannel");
            }
            if (OpenFlags.has(flags, OpenFlags.TRUNCATE)) {
                throw new IllegalArgumentException("APPEND + TRUNCATE_EXISTING not allowed, as for FileChannel");
            }
            flags |= OpenFlags.WRITE;
        }
        if (OpenFlags.has(flags, OpenFlags.DIRECTORY) && OpenFlags.has(flags, OpenFlags.WRITE)) {
            throw new IllegalArgumentException("DIRECTORY + WRITE not allowed: a directory opens for reading only");
        }
        if (!OpenFlags.has(flags, OpenFlags.WRITE)) {
            flags |= OpenFlags.READ;
            flags &= ~(OpenFlags.CREATE | OpenFlags.CREATE_NEW | OpenFlags.TRUNCATE);
        }
        return flags;
    }

    /** What opens a file with such flags. */
    static OpCode opCode(int flags) {
        return OpenFlags.has(flags, OpenFlags.DIRECT_DESCRIPTOR) ? OpCode.OPEN_DIRECT : OpCode.OPEN;
    }

    private static int flag(OpenOption option) {
        if (option instanceof StandardOpenOption standard) {
            return switch (standard) {
                case READ -> OpenFlags.READ;
                case WRITE -> OpenFlags.WRITE;
                case APPEND -> OpenFlags.APPEND;
                case CREATE -> OpenFlags.CREATE;
                case CREATE_NEW -> OpenFlags.CREATE_NEW;
                case TRUNCATE_EXISTING -> OpenFlags.TRUNCATE;
                case SYNC -> OpenFlags.SYNC;
                case DSYNC -> OpenFlags.DSYNC;
                case SPARSE -> 0; // a hint; files are sparse where the file system can
                case DELETE_ON_CLOSE ->
                    throw new UnsupportedOperationException(
                            "DELETE_ON_CLOSE is not supported: delete the file after closing it");
            };
        }
        if (option instanceof RingOpenOption ring) {
            return switch (ring) {
                case DIRECT_IO -> OpenFlags.DIRECT_IO;
                case DIRECT_DESCRIPTOR -> OpenFlags.DIRECT_DESCRIPTOR;
                case DIRECTORY -> OpenFlags.DIRECTORY;
            };
        }
        if (isDirectOfTheJdk(option)) {
            return OpenFlags.DIRECT_IO;
        }
        if (option == LinkOption.NOFOLLOW_LINKS) {
            return OpenFlags.NOFOLLOW;
        }
        throw new UnsupportedOperationException("Open option " + option + " is not supported");
    }

    private static boolean isDirectOfTheJdk(OpenOption option) {
        return option instanceof Enum<?> constant
                && constant.getDeclaringClass().getName().equals(DIRECT_OF_THE_JDK)
                && constant.name().equals("DIRECT");
    }
}
