package dev.ringflow.spi;

import org.jspecify.annotations.Nullable;

/**
 * An open kernel object (a file descriptor, a Windows handle, a JDK channel) and what is in flight on it. It is how the
 * core keeps the order that closing needs: cancel, wait until nothing is in flight, close.
 *
 * <p>Confined to the loop thread, except {@link #isOpen()}.
 */
public final class Handle {
    private final long value;
    private final @Nullable Object driverState;
    private volatile boolean open = true;
    private volatile boolean foreign;
    private int inFlight;
    private int pins;
    private @Nullable Operation first;
    private @Nullable Operation whenIdle;
    private @Nullable OperationLine line;

    /** Whether it is in an {@link OpenHandles}. */
    boolean listed;

    @Nullable
    Handle next;

    @Nullable
    Handle previous;

    /**
     * Wraps a platform's number.
     *
     * @param value the file descriptor or handle
     */
    public Handle(long value) {
        this(value, null);
    }

    /**
     * Wraps a platform's number or object.
     *
     * @param value the number, or one that the driver chose
     * @param driverState what else the driver needs for it
     */
    public Handle(long value, @Nullable Object driverState) {
        this.value = value;
        this.driverState = driverState;
    }

    /**
     * Wraps the number of something that the ring does not own: closing the handle cancels what is in flight on it, and
     * leaves the thing itself open.
     *
     * @param value a file descriptor that somebody else keeps open
     * @return the handle
     */
    public static Handle foreign(long value) {
        Handle handle = new Handle(value);
        handle.foreign = true;
        return handle;
    }

    /**
     * Whether the ring leaves open what this stands for.
     *
     * @return true for what {@link #foreign} made, until {@link #own()}
     */
    public boolean isForeign() {
        return foreign;
    }

    /** Makes the ring the owner: closing closes. Any thread. */
    public void own() {
        foreign = false;
    }

    /**
     * The platform's number.
     *
     * @return a file descriptor on Linux
     */
    public long value() {
        return value;
    }

    /**
     * What the driver keeps with it.
     *
     * @return the object given at construction
     */
    public @Nullable Object driverState() {
        return driverState;
    }

    /**
     * Whether operations are still taken. Any thread may ask; the answer may be out of date when it arrives.
     *
     * @return false from the moment that closing began
     */
    public boolean isOpen() {
        return open;
    }

    /**
     * How many operations are between start and terminal completion.
     *
     * @return the number, the closing one left out
     */
    public int inFlight() {
        return inFlight;
    }

    /**
     * Ends the taking of operations, and says which one is to be started when nothing is in flight any more.
     *
     * @param close the closing operation
     * @return true when it may be started now
     */
    public boolean beginClose(Operation close) {
        open = false;
        if (isIdle()) {
            return true;
        }
        whenIdle = close;
        return false;
    }

    /**
     * Records an operation that starts.
     *
     * @param operation the operation
     */
    public void link(Operation operation) {
        operation.previousOfHandle = null;
        operation.nextOfHandle = first;
        if (first != null) {
            first.previousOfHandle = operation;
        }
        first = operation;
        inFlight++;
    }

    /**
     * Records that an operation ended.
     *
     * @param operation the operation
     * @return the closing operation, when this was the last one that it waited for
     */
    public @Nullable Operation unlink(Operation operation) {
        Operation before = operation.previousOfHandle;
        Operation after = operation.nextOfHandle;
        if (before == null) {
            first = after;
        } else {
            before.nextOfHandle = after;
        }
        if (after != null) {
            after.previousOfHandle = before;
        }
        operation.previousOfHandle = null;
        operation.nextOfHandle = null;
        inFlight--;
        return takeCloseIfIdle();
    }

    /** Records that an operation uses it as its second handle: it is not closed before {@link #unpin()}. */
    public void pin() {
        pins++;
    }

    /**
     * Records that such an operation ended.
     *
     * @return the closing operation, when this was the last one that it waited for
     */
    public @Nullable Operation unpin() {
        pins--;
        return takeCloseIfIdle();
    }

    /**
     * Whether something is in flight on it, or uses it as its second handle, or has a place in its line.
     *
     * @return true while it cannot be given up
     */
    public boolean isBusy() {
        return !isIdle() || (line != null && line.isBusy());
    }

    /** Ends the taking of operations, for a handle that is not busy and whose file or socket goes to another ring. */
    public void letGo() {
        open = false;
    }

    private boolean isIdle() {
        return inFlight == 0 && pins == 0;
    }

    private @Nullable Operation takeCloseIfIdle() {
        if (!isIdle()) {
            return null;
        }
        Operation close = whenIdle;
        whenIdle = null;
        return close;
    }

    /**
     * The line of those operations that must not overlap; made when it is first asked for.
     *
     * @return always the same line
     */
    public OperationLine line() {
        OperationLine made = line;
        if (made == null) {
            made = new OperationLine();
            line = made;
        }
        return made;
    }

    /**
     * The head of the list of operations in flight; go on with {@link Operation#nextOfHandle()}.
     *
     * @return the first, or null
     */
    public @Nullable Operation firstInFlight() {
        return first;
    }

    @Override
    public String toString() {
        return "Handle[" + value + (open ? "" : ", closing") + ", " + inFlight + " in flight]";
    }
}
