package dev.ringflow.spi;

/** Portable bits of {@link Operation#flags()} for {@link OpCode#OPEN}; a driver translates them. */
public final class OpenFlags {
    /** Reading is wanted. */
    public static final int READ = 1;
    /** Writing is wanted. */
    public static final int WRITE = 1 << 1;
    /** The file is created where it is missing. */
    public static final int CREATE = 1 << 2;
    /** The file is created, and an existing one is a failure. */
    public static final int CREATE_NEW = 1 << 3;
    /** An existing file is cut to 0 bytes. */
    public static final int TRUNCATE = 1 << 4;
    /** Every write goes to the end of the file, whatever its position says. */
    public static final int APPEND = 1 << 5;
    /** Every write is durable with its metadata before it completes. */
    public static final int SYNC = 1 << 6;
    /** Every write's content is durable before it completes. */
    public static final int DSYNC = 1 << 7;
    /** A symbolic link as the last part of the path is a failure. */
    public static final int NOFOLLOW = 1 << 8;

    /** Transfers bypass the page cache: memory, positions and lengths must be aligned. */
    public static final int DIRECT_IO = 1 << 9;
    /** The file gets a slot in the ring's table instead of a file descriptor of the process. */
    public static final int DIRECT_DESCRIPTOR = 1 << 10;
    /** The path must stay beneath the directory that it starts from. */
    public static final int BENEATH = 1 << 11;
    /** No part of the path may be a symbolic link. */
    public static final int NO_SYMLINKS = 1 << 12;
    /** The directory that the path starts from is the root for absolute paths, links and {@code ..}. */
    public static final int IN_ROOT = 1 << 13;
    /** The path must not cross into another file system. */
    public static final int NO_MOUNTS = 1 << 14;
    /** The file must be a directory. */
    public static final int DIRECTORY = 1 << 15;
    /** All flags that restrict how the path is resolved. */
    public static final int RESOLVE = BENEATH | NO_SYMLINKS | IN_ROOT | NO_MOUNTS;

    private OpenFlags() {}

    /**
     * Whether a flag is among others.
     *
     * @param flags bits of this class
     * @param flag one of the constants
     * @return true when it is set
     */
    public static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }
}
