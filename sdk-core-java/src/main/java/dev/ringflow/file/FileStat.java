package dev.ringflow.file;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the system knows of a file; see statx(2).
 *
 * @param size bytes
 * @param type what kind of file
 * @param permissions the permission bits of its mode, such as octal 644; -1 where the platform has none
 * @param allocated bytes that it takes on the disk, less than {@code size} for a sparse file; -1 if unknown
 * @param blockSize the best size of a transfer in bytes; -1 if unknown
 * @param inode its number in its file system; -1 if unknown
 * @param links how many names it has; -1 if unknown
 * @param accessed when it was last read
 * @param modified when its content was last changed
 * @param created when it was made, null where the file system does not keep that
 */
public record FileStat(
        long size,
        Type type,
        int permissions,
        long allocated,
        long blockSize,
        long inode,
        long links,
        Instant accessed,
        Instant modified,
        @Nullable Instant created) {
    /** Kinds of files. */
    public enum Type {
        /** A file with content. */
        REGULAR,
        /** A directory. */
        DIRECTORY,
        /** A symbolic link. */
        SYMBOLIC_LINK,
        /** A device, pipe or socket. */
        OTHER
    }

    /**
     * Whether it is a regular file.
     *
     * @return true if so
     */
    public boolean isRegularFile() {
        return type == Type.REGULAR;
    }

    /**
     * Whether it is a directory.
     *
     * @return true if so
     */
    public boolean isDirectory() {
        return type == Type.DIRECTORY;
    }
}
