package dev.ringflow.uring.struct;

import java.nio.ByteBuffer;

/**
 * The argument of a wait, registered once and used by its index.
 *
 * <pre>{@code
 * struct io_uring_reg_wait {
 *     struct __kernel_timespec ts;
 *     __u32 min_wait_usec;
 *     __u32 flags;
 *     __u64 sigmask;
 *     __u32 sigmask_sz;
 *     __u32 pad[3];
 *     __u64 pad2[2];
 * };
 * }</pre>
 *
 * <p>Source: {@code io_uring_register(2)}, {@code io_uring_submit_and_wait_reg(3)}. Since Linux 6.13.
 */
public final class RegisteredWait {
    /** Offset of {@code ts}, a {@link Timespec}. */
    public static final int TS = 0;

    /** Offset of {@code min_wait_usec}. */
    public static final int MIN_WAIT_USEC = 16;

    /** Offset of {@code flags}. */
    public static final int FLAGS = 20;

    /** Offset of {@code sigmask}. */
    public static final int SIGMASK = 24;

    /** Offset of {@code sigmask_sz}. */
    public static final int SIGMASK_SZ = 32;

    /** Size of the struct in bytes. */
    public static final int SIZE = 64;

    /** {@code IORING_REG_WAIT_TS}: the time counts. */
    private static final int WAIT_TS = 1;

    private RegisteredWait() {}

    /**
     * Sets one argument: no signal mask, and a time.
     *
     * @param region native memory in native byte order
     * @param index which argument
     * @param timeoutNanos the whole time in nanoseconds; less than 0 for no limit
     * @param minWaitMicros the time in microseconds for which all completions are waited for, or 0
     */
    public static void set(final ByteBuffer region, final int index, final long timeoutNanos, final int minWaitMicros) {
        final int base = index * SIZE;
        for (int offset = 0; offset < SIZE; offset += Long.BYTES) {
            region.putLong(base + offset, 0);
        }
        if (timeoutNanos >= 0) {
            Timespec.setNanos(region, base + TS, timeoutNanos);
            region.putInt(base + FLAGS, WAIT_TS);
        }
        region.putInt(base + MIN_WAIT_USEC, minWaitMicros);
    }

    /**
     * Sets the signal mask of one argument.
     *
     * @param region native memory in native byte order
     * @param index which argument
     * @param sigmaskAddress a {@code sigset_t}; delicate: read at each wait with this argument; 0 for none
     * @param sigmaskBytes its size in bytes: 8
     */
    public static void setSigmask(
            final ByteBuffer region, final int index, final long sigmaskAddress, final int sigmaskBytes) {
        region.putLong(index * SIZE + SIGMASK, sigmaskAddress);
        region.putInt(index * SIZE + SIGMASK_SZ, sigmaskBytes);
    }
}
