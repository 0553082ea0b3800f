package dev.ringflow.uring;

import java.util.ArrayList;
import java.util.List;

/** A request in flight: what it was, what it has, and what must be true when it completes. */
abstract class StressOperation {
    final String name;
    final List<StressMemory.Region> regions = new ArrayList<>();

    /** Whether it may be answered more than once. */
    boolean multishot;

    /** What is linked behind it: it ends with it. */
    final List<StressOperation> followers = new ArrayList<>();

    /** Whether Linux 5.10 may answer it twice: that its time was over, and that it was cancelled. */
    boolean mayAnswerTwice;

    long userData;

    /** Whether something was done that may end it early. */
    private boolean askedToEnd;

    StressOperation(final String name) {
        this.name = name;
    }

    /** A completion came. Throws when it is not as it must be. */
    abstract void complete(int res, int flags);

    final void askToEnd() {
        askedToEnd = true;
        followers.forEach(StressOperation::askToEnd);
    }

    /** Whether it ended because it was cancelled; anything else that is negative is the caller's to judge. */
    final boolean isCancelled(final int res) {
        return askedToEnd && (res == -Errno.ECANCELED || res == -Errno.EINTR);
    }

    final AssertionError wrong(final int res, final String what) {
        return new AssertionError(this + " answered " + (res < 0 ? Errno.name(res) : "" + res) + ": " + what);
    }

    @Override
    public String toString() {
        return name + " " + Long.toHexString(userData) + (askedToEnd ? " (asked to end)" : "");
    }
}
