package dev.ringflow.spi;

import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * Operations of one handle that must not overlap, such as sends of which each takes several parts: one has its turn, from
 * its first part to its last, and the others wait in the order in which they came. Once one has been cut off in the
 * middle the line takes nothing any more, since whatever followed would be taken for the rest of it.
 *
 * <p>Confined to the loop thread. It makes no objects.
 */
public final class OperationLine {
    private @Nullable Operation holder;
    private @Nullable Operation first;
    private @Nullable Operation last;
    private @Nullable String cut;
    private @Nullable Throwable cutBy;

    OperationLine() {}

    /**
     * Takes a turn, or a place at the end of the line.
     *
     * @param operation an operation that does not wait in any line
     * @return true if it has the turn now, or had it before
     */
    public boolean enter(Operation operation) {
        if (holder == operation) {
            return true;
        }
        if (holder == null) {
            holder = operation;
            return true;
        }
        Operation before = last;
        operation.previousInLine = before;
        if (before == null) {
            first = operation;
        } else {
            before.nextInLine = operation;
        }
        last = operation;
        return false;
    }

    /**
     * Ends a turn and begins the next.
     *
     * @param operation any operation
     * @return who has the turn now, if the operation had it and others waited
     */
    public @Nullable Operation leave(Operation operation) {
        if (holder != operation) {
            return null;
        }
        Operation next = first;
        if (next != null) {
            remove(next);
        }
        holder = next;
        return next;
    }

    /**
     * Takes out one that waits.
     *
     * @param operation an operation that waits in this line
     */
    public void remove(Operation operation) {
        Operation before = operation.previousInLine;
        Operation after = operation.nextInLine;
        if (before == null) {
            first = after;
        } else {
            before.nextInLine = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previousInLine = before;
        }
        operation.previousInLine = null;
        operation.nextInLine = null;
    }

    /**
     * Records that an operation ended in the middle.
     *
     * @param what how far it came, for people
     * @param why its failure
     */
    public void cut(String what, Throwable why) {
        if (cut == null) {
            cut = what;
            cutBy = why;
        }
    }

    /**
     * What everybody is told after a cut.
     *
     * @return a new exception, or null if nothing was cut off
     */
    public @Nullable SocketException cutFailure() {
        if (cut == null) {
            return null;
        }
        SocketException failure = new SocketException("The stream is cut: " + cut
                + ", and whatever followed would be taken for the rest of it. Close the connection.");
        failure.initCause(cutBy);
        return failure;
    }

    /**
     * Whether an operation has its turn now, or others wait.
     *
     * @return false for a line that nobody is in
     */
    public boolean isBusy() {
        return holder != null;
    }
}
