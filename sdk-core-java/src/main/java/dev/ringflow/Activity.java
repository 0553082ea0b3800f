package dev.ringflow;

import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenHandles;
import dev.ringflow.spi.Operation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a loop has to see the end of: operations in flight, and open handles. Closing the ring finds everything here.
 * Confined to the loop thread, except the two counts.
 */
final class Activity {
    private final OpenHandles handles = new OpenHandles();
    /** Stands for the handle of operations that have none, closing ones among them. */
    private final Handle unbound = new Handle(-1);

    private int inFlight;

    /** How many operations are between start and terminal completion; any thread may ask. */
    int inFlight() {
        return inFlight;
    }

    /** How many handles are open; any thread may ask. */
    int openHandles() {
        return handles.size();
    }

    /** Records the start of an operation; false if its handle is closed, and then it must not start. */
    boolean begin(Operation operation) {
        Handle handle = operation.handle();
        Handle second = operation.secondHandle();
        if (second != null && !second.isOpen()) {
            return false;
        }
        if (handle == null) {
            unbound.link(operation);
        } else if (handle.isOpen()) {
            if (handle.isForeign() && !handles.contains(handle)) {
                handles.add(handle); // for as long as something is in flight on it
            }
            handle.link(operation);
        } else {
            return false;
        }
        if (second != null) {
            second.pin();
        }
        inFlight++;
        return true;
    }

    /** Records the start of a closing operation, on whose handle nothing else is in flight. */
    void beginClose(Operation close) {
        unbound.link(close);
        inFlight++;
    }

    /** Records a terminal completion; answers the closing operation that waited for it, to be started now. */
    @Nullable
    Operation end(Operation operation) {
        inFlight--;
        Handle handle = operation.handle();
        if (handle == null) {
            return unbound.unlink(operation);
        }
        if (operation.opCode() == OpCode.CLOSE) {
            forget(handle);
            return unbound.unlink(operation);
        }
        Operation waitingClose = handle.unlink(operation);
        if (handle.isForeign() && handle.isOpen() && handle.inFlight() == 0) {
            handles.remove(handle);
        }
        return waitingClose;
    }

    /** Records that a handle is closed. */
    void forget(Handle handle) {
        if (handles.contains(handle)) {
            handles.remove(handle);
        }
    }

    /**
     * Takes an operation off its handle, which it has no more use for; answers the closing operation that waited for it.
     */
    @Nullable
    Operation letGoOfHandle(Operation operation) {
        Handle handle = operation.handle();
        if (handle == null) {
            return null;
        }
        Operation waitingClose = handle.unlink(operation);
        operation.handle(null);
        unbound.link(operation);
        return waitingClose;
    }

    /** As {@link #end}, for the second handle of an operation that has one. */
    static @Nullable Operation endSecond(Operation operation) {
        Handle second = operation.secondHandle();
        return second == null ? null : second.unpin();
    }

    /** Records a handle that an operation delivered. */
    void opened(Handle handle) {
        handles.add(handle);
    }

    /** The operations on no handle; {@code each} must not end any. */
    void forEachUnbound(Consumer<Operation> each) {
        forEachOn(unbound, each);
    }

    /** The operations on a handle; {@code each} must not end any. */
    void forEachOn(Handle handle, Consumer<Operation> each) {
        for (Operation next = handle.firstInFlight(); next != null; next = next.nextOfHandle()) {
            each.accept(next);
        }
    }

    /** The handles whose closing has not begun; {@code each} may begin it. */
    void forEachOpen(Consumer<Handle> each) {
        for (Handle next = handles.first(); next != null; next = handles.after(next)) {
            if (next.isOpen()) {
                each.accept(next);
            }
        }
    }

    /** Gives up: takes out every operation in flight, and those that wait to close a handle. */
    void giveUp(Consumer<Operation> each) {
        takeAll(unbound, each);
        for (Handle next = handles.first(); next != null; next = handles.after(next)) {
            takeAll(next, each);
        }
    }

    private static void takeAll(Handle handle, Consumer<Operation> each) {
        for (Operation next = handle.firstInFlight(); next != null; next = handle.firstInFlight()) {
            Operation waitingClose = handle.unlink(next);
            Operation waitingCloseOfSecond = endSecond(next);
            each.accept(next);
            if (waitingClose != null) {
                each.accept(waitingClose);
            }
            if (waitingCloseOfSecond != null) {
                each.accept(waitingCloseOfSecond);
            }
        }
    }
}
