package dev.ringflow.uring.struct;

import java.nio.ByteBuffer;

/**
 * What became of a process: those fields of {@code siginfo_t} that {@code waitid(2)} fills, as they lie on 64-bit
 * machines.
 *
 * <pre>{@code
 * typedef struct {
 *     int   si_signo;   //  0
 *     int   si_errno;   //  4
 *     int   si_code;    //  8
 *     pid_t si_pid;     // 16
 *     uid_t si_uid;     // 20
 *     int   si_status;  // 24
 *     …
 * } siginfo_t;          // 128 bytes
 * }</pre>
 *
 * <p>Source: {@code waitid(2)}, {@code sigaction(2)}.
 */
public final class SigInfo {
    /** Offset of {@code si_signo}. */
    public static final int SIGNO = 0;

    /** Offset of {@code si_errno}. */
    public static final int ERRNO = 4;

    /** Offset of {@code si_code}. */
    public static final int CODE = 8;

    /** Offset of {@code si_pid}. */
    public static final int PID = 16;

    /** Offset of {@code si_uid}. */
    public static final int UID = 20;

    /** Offset of {@code si_status}. */
    public static final int STATUS = 24;

    /** Size of the struct in bytes. */
    public static final int SIZE = 128;

    private SigInfo() {}

    /**
     * The signal.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return {@code SIGCHLD}; 0 when there was nothing to tell ({@code WNOHANG})
     */
    public static int signo(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + SIGNO);
    }

    /**
     * How the process changed.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return {@code CLD_EXITED}, {@code CLD_KILLED}, {@code CLD_DUMPED}, {@code CLD_STOPPED}, {@code CLD_TRAPPED} or
     *     {@code CLD_CONTINUED}
     */
    public static int code(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + CODE);
    }

    /**
     * The error, which is none here.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return 0
     */
    public static int errno(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + ERRNO);
    }

    /**
     * Which process.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return its id; 0 when there was nothing to tell ({@code WNOHANG})
     */
    public static int pid(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + PID);
    }

    /**
     * Whose process.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return the real user id of the process
     */
    public static int uid(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + UID);
    }

    /**
     * How it ended.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return the exit status for {@code CLD_EXITED}, otherwise the signal
     */
    public static int status(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + STATUS);
    }
}
