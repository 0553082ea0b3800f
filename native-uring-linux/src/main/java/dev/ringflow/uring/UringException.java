package dev.ringflow.uring;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A ring, or memory, that could not be had: which error, what was asked, and what a person can do about it. Only
 * {@link Uring#open(UringParams)}, {@link BufferRing#open}, {@link MirroredPages#ofBytes} and what builds on them throw
 * this; the ring's other functions answer {@code -errno}.
 */
public final class UringException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;
    private final String asked;
    private final String advice;

    UringException(final int errno, final String asked, final String advice, final @Nullable Throwable cause) {
        super(asked + ": " + Errno.name(errno) + ". " + Errno.meaning(errno) + " " + advice, cause);
        this.errno = errno;
        this.asked = asked;
        this.advice = advice;
    }

    /**
     * The error.
     *
     * @return a positive number, one of {@link Errno}; {@code ENOSYS} where the C library cannot be called
     */
    public int errno() {
        return errno;
    }

    /**
     * The error by name.
     *
     * @return for example {@code "EPERM"}
     */
    public String errnoName() {
        return Errno.name(errno);
    }

    /**
     * What was asked of the kernel.
     *
     * @return for example {@code "io_uring_setup(entries=8, flags=SQPOLL)"}
     */
    public String asked() {
        return asked;
    }

    /**
     * What a person can do about it.
     *
     * @return one or more sentences
     */
    public String advice() {
        return advice;
    }
}
