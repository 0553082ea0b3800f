package dev.ringflow.file;

import java.util.Set;

/**
 * How {@link RingFileSystem#openAsync} restricts the way that a path may take, decided by the system in one step with
 * the opening; see openat2(2). With any of them, the system's own magic links, such as {@code /proc/self/fd/3}, are never
 * followed. Only Linux has them: other drivers refuse with {@link UnsupportedOperationException}.
 */
public enum ResolveOption {
    /**
     * The path stays beneath the directory that it starts from: absolute paths, {@code ..} and symbolic links that lead
     * out of it fail with {@link java.nio.file.AccessDeniedException}. Not together with {@link #IN_ROOT}.
     */
    BENEATH,
    /**
     * The directory that the path starts from is the root, as if by chroot(2): an absolute path, {@code ..} and absolute
     * symbolic links lead no further up than there. Not together with {@link #BENEATH}.
     */
    IN_ROOT,
    /**
     * No part of the path is a symbolic link, or opening fails with {@link java.nio.file.FileSystemException}.
     * {@link java.nio.file.LinkOption#NOFOLLOW_LINKS} is about the last part alone.
     */
    NO_SYMLINKS,
    /**
     * The path stays on the file system that it starts on, or opening fails with
     * {@link java.nio.file.AccessDeniedException}.
     */
    NO_MOUNTS;

    /** As bits for the driver. */
    static int flags(Set<ResolveOption> options) {
        if (options.contains(BENEATH) && options.contains(IN_ROOT)) {
            throw new IllegalArgumentException("BENEATH + IN_ROOT not allowed: one fails where the other goes on");
        }
        int flags = 0;
        for (ResolveOption each : options) {
            flags |= switch (each) {
                case BENEATH -> dev.ringflow.spi.OpenFlags.BENEATH;
                case IN_ROOT -> dev.ringflow.spi.OpenFlags.IN_ROOT;
                case NO_SYMLINKS -> dev.ringflow.spi.OpenFlags.NO_SYMLINKS;
                case NO_MOUNTS -> dev.ringflow.spi.OpenFlags.NO_MOUNTS;
            };
        }
        return flags;
    }
}
