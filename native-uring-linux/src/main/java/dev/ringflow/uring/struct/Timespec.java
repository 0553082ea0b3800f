package dev.ringflow.uring.struct;

import java.nio.ByteBuffer;

/**
 * A time, for timeouts.
 *
 * <pre>{@code
 * struct __kernel_timespec {
 *     __s64     tv_sec;
 *     long long tv_nsec;
 * };
 * }</pre>
 *
 * <p>Source: {@code io_uring_prep_timeout(3)}.
 */
public final class Timespec {
    /** Offset of {@code tv_sec}. */
    public static final int SEC = 0;

    /** Offset of {@code tv_nsec}. */
    public static final int NSEC = 8;

    /** Size of the struct in bytes. */
    public static final int SIZE = 16;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Timespec() {}

    /**
     * Sets a time.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @param seconds whole seconds
     * @param nanos 0 to 999,999,999
     */
    public static void set(final ByteBuffer memory, final int offset, final long seconds, final long nanos) {
        memory.putLong(offset + SEC, seconds);
        memory.putLong(offset + NSEC, nanos);
    }

    /**
     * Sets a time given in nanoseconds.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @param nanos nanoseconds; less than 0 counts as 0
     */
    public static void setNanos(final ByteBuffer memory, final int offset, final long nanos) {
        final long time = Math.max(0, nanos);
        set(memory, offset, time / NANOS_PER_SECOND, time % NANOS_PER_SECOND);
    }

    /**
     * The whole seconds.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return seconds
     */
    public static long seconds(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + SEC);
    }

    /**
     * The rest in nanoseconds.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return 0 to 999,999,999
     */
    public static long nanos(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + NSEC);
    }
}
