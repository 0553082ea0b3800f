package dev.ringflow.uring.event;

import dev.ringflow.RingException;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.internal.LibC;
import java.util.concurrent.atomic.AtomicBoolean;

/** What all of these descriptors have. Any thread may use one. */
public abstract class EventDescriptor implements AutoCloseable {
    private final int number;
    private final AtomicBoolean open = new AtomicBoolean(true);

    EventDescriptor(final int number) {
        this.number = number;
    }

    /** A result, or the exception that a negated errno stands for. */
    static int checked(final String call, final int result) throws RingException {
        if (result < 0) {
            throw new RingException(
                    call, -result, Errno.name(-result), withoutPeriod(Errno.meaning(-result)), advice(-result));
        }
        return result;
    }

    private static String withoutPeriod(final String meaning) {
        return meaning.endsWith(".") ? meaning.substring(0, meaning.length() - 1) : meaning;
    }

    private static String advice(final int errno) {
        return switch (errno) {
            case Errno.EMFILE ->
                "Close files or sockets, or raise the process limit (ulimit -n; for inotify"
                        + " fs.inotify.max_user_instances).";
            case Errno.ENOSPC -> "For inotify, raise fs.inotify.max_user_watches.";
            default -> "";
        };
    }

    final void requireOpen() {
        if (!open.get()) {
            throw new IllegalStateException(this + " is used after it was closed");
        }
    }

    /**
     * The file descriptor, for {@link dev.ringflow.event.ForeignDescriptor#of}.
     *
     * @return its number
     */
    public final int number() {
        return number;
    }

    /**
     * Whether it can be used.
     *
     * @return false once it is closed
     */
    public final boolean isOpen() {
        return open.get();
    }

    /**
     * Closes the descriptor. No ring may wait for it any more: close its {@link dev.ringflow.event.ForeignDescriptor}
     * before. Closing again has no effect.
     */
    @Override
    public final void close() {
        if (open.compareAndSet(true, false)) {
            LibC.close(number);
        }
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + number + (isOpen() ? "" : ", closed") + "]";
    }
}
