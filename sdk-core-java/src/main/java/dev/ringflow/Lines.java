package dev.ringflow;

import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationLine;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lets operations that must not overlap on a handle take turns; see {@link OperationLine}. Confined to the loop thread. */
final class Lines {
    private final EventLoop loop;

    Lines(EventLoop loop) {
        this.loop = loop;
    }

    /** Whether an operation has its turn, and may be launched. Otherwise it waits, or has failed. */
    boolean enter(Operation operation) {
        OperationLine line = line(operation);
        Throwable cut = line.cutFailure();
        if (cut != null) {
            operation.state(Operation.State.WAITING);
            loop.settleWaiting(operation, cut);
            return false;
        }
        if (line.enter(operation)) {
            return true;
        }
        operation.state(Operation.State.WAITING);
        return false;
    }

    /** Ends an operation's turn, if it has one, and begins the next. */
    void leave(Operation operation) {
        Handle ordered = operation.lineOf();
        if (ordered == null) {
            return;
        }
        OperationLine line = ordered.line();
        Operation next = line.leave(operation);
        operation.lineOf(null);
        @Nullable Throwable cut = next == null ? null : line.cutFailure();
        while (next != null && cut != null) {
            loop.settleWaiting(next, cut);
            next = line.leave(next);
            cut = line.cutFailure();
        }
        if (next != null) {
            loop.launch(next);
        }
    }

    /** Takes one that waits out of its line. */
    void giveUp(Operation operation) {
        if (operation.failure() != null) {
            return; // it has failed already
        }
        line(operation).remove(operation);
        loop.settleWaiting(operation, null);
    }

    private static OperationLine line(Operation operation) {
        return Objects.requireNonNull(operation.lineOf()).line();
    }
}
