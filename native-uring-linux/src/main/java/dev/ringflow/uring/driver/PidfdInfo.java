package dev.ringflow.uring.driver;

import dev.ringflow.uring.Memory;
import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;

/** What a descriptor of a process still knows when the process was reaped; {@code PIDFD_GET_INFO}, since Linux 6.15. */
final class PidfdInfo {
    private static final int SIZE = 64;
    private static final int EXIT_CODE = 60;
    private static final long MASK_EXIT = 1 << 3;
    /** {@code _IOWR(0xFF, 11, struct pidfd_info)}, in the size of its first form. */
    private static final long GET_INFO = 3L << 30 | (long) SIZE << 16 | 0xFF << 8 | 11;

    private PidfdInfo() {}

    /**
     * How a process ended that was reaped.
     *
     * @param memory 64 bytes to work in
     * @return its status as wait(2) has it, or a number below zero if that is not known
     */
    static int exitStatus(int pidfd, ByteBuffer memory) {
        for (int i = 0; i < SIZE; i += Long.BYTES) {
            memory.putLong(i, 0);
        }
        memory.putLong(0, MASK_EXIT);
        int result = LibC.ioctl(pidfd, GET_INFO, Memory.address(memory));
        if (result < 0 || (memory.getLong(0) & MASK_EXIT) == 0) {
            return -1;
        }
        return memory.getInt(EXIT_CODE);
    }
}
