package dev.ringflow.event;

import java.util.OptionalInt;

/**
 * How a process ended.
 *
 * @param pid its number, which may be another process's by now
 * @param reason what ended it
 * @param value its exit status, or the number of the signal that ended it; 0 if that is not known
 */
public record ProcessExit(long pid, Reason reason, int value) {
    /** What ended a process. */
    public enum Reason {
        /** It ended by itself, with an exit status. */
        EXITED,
        /** A signal ended it. */
        KILLED,
        /** A signal ended it, and it left a core dump. */
        DUMPED_CORE,
        /** It has ended, and how is known only to its parent, or to whoever asked first. */
        UNKNOWN
    }

    /**
     * The status that it ended with.
     *
     * @return 0 to 255, nothing if it was ended by a signal or its status is not known
     */
    public OptionalInt status() {
        return reason == Reason.EXITED ? OptionalInt.of(value) : OptionalInt.empty();
    }

    /**
     * The signal that ended it; see signal(7).
     *
     * @return the signal's number, nothing if it ended by itself or that is not known
     */
    public OptionalInt signal() {
        return reason == Reason.KILLED || reason == Reason.DUMPED_CORE ? OptionalInt.of(value) : OptionalInt.empty();
    }

    /**
     * Whether it ended well.
     *
     * @return true for status 0
     */
    public boolean isSuccess() {
        return reason == Reason.EXITED && value == 0;
    }
}
