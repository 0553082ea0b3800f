package dev.ringflow.uring.struct;

import java.nio.ByteBuffer;

/**
 * How to open a file, for {@code prepOpenat2}.
 *
 * <pre>{@code
 * struct open_how {
 *     __u64 flags;
 *     __u64 mode;
 *     __u64 resolve;
 * };
 * }</pre>
 *
 * <p>Unlike {@code openat(2)}, {@code openat2(2)} answers -EINVAL for flags that it does not know and for a mode without
 * {@code O_CREAT} or {@code O_TMPFILE}. Source: {@code openat2(2)}.
 */
public final class OpenHow {
    /** Offset of {@code flags}. */
    public static final int FLAGS = 0;

    /** Offset of {@code mode}. */
    public static final int MODE = 8;

    /** Offset of {@code resolve}. */
    public static final int RESOLVE = 16;

    /** Size of the struct in bytes. */
    public static final int SIZE = 24;

    private OpenHow() {}

    /**
     * Sets all of it.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @param flags {@code O_} flags; nothing is added, so include {@code O_CLOEXEC} (not for the table of files)
     * @param mode permissions of a new file, otherwise 0
     * @param resolve {@code RESOLVE_} flags
     */
    public static void set(
            final ByteBuffer memory, final int offset, final int flags, final int mode, final int resolve) {
        memory.putLong(offset + FLAGS, Integer.toUnsignedLong(flags));
        memory.putLong(offset + MODE, Integer.toUnsignedLong(mode));
        memory.putLong(offset + RESOLVE, Integer.toUnsignedLong(resolve));
    }

    /**
     * The flags.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return {@code O_} flags
     */
    public static long flags(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + FLAGS);
    }

    /**
     * The permissions.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return permission bits
     */
    public static long mode(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + MODE);
    }

    /**
     * How the path is followed.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return {@code RESOLVE_} flags
     */
    public static long resolve(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + RESOLVE);
    }
}
