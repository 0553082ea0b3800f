package dev.ringflow.spi;

import dev.ringflow.Ring;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request in flight: what is asked, the memory and objects that the kernel may touch (all of them strongly held
 * here until the terminal completion), what came back, and who is told.
 *
 * <p>Operations are pooled by their ring. A reference that outlives the request is only safe together with the
 * {@link #activation()} that it had: the number changes each time the object is recycled.
 *
 * <p>Filled by whoever submits, then confined to the loop thread.
 */
public final class Operation extends OperationRequest {
    /** Where an operation stands between pool and kernel. */
    public enum State {
        /** In the pool, or being filled. */
        IDLE,
        /** Handed in, not yet prepared by the driver. */
        QUEUED,
        /** With the driver: its memory may be touched by the kernel. */
        IN_FLIGHT,
        /** In the line of {@link #lineOf()}, until those before it have ended; the driver knows nothing of it. */
        WAITING
    }

    private @Nullable Handle resultHandle;
    private @Nullable Object resultObject;
    private @Nullable Throwable failure;

    private @Nullable OperationHandler handler;
    private @Nullable Object callback;
    private @Nullable Object owner;
    private @Nullable ByteBuffer userBuffer;
    private int userStart;
    private int userLength;
    private @Nullable MemoryLease lease;
    private long progress;

    private volatile State state = State.IDLE;
    private volatile int activation;
    private boolean cancelRequested;
    private boolean leftInKernel;
    private @Nullable Ring ring;
    private int slot = -1;
    private @Nullable Object driverState;

    private @Nullable Handle lineOf;
    private boolean outcomeKnown;

    @Nullable
    Operation nextInLine;

    @Nullable
    Operation previousInLine;

    @Nullable
    Operation nextOfHandle;

    @Nullable
    Operation previousOfHandle;

    /** Makes an operation outside any pool; {@code Ring.operation()} is the usual way to one. */
    public Operation() {}

    @Override
    Operation self() {
        return this;
    }

    // What came back: set by the driver before it completes the operation.

    /**
     * What was opened.
     *
     * @return the new handle, null if none
     */
    public @Nullable Handle resultHandle() {
        return resultHandle;
    }

    /**
     * Takes the new handle out, so that whoever looks next finds none.
     *
     * @return the new handle
     */
    public Handle takeResultHandle() {
        Handle taken = resultHandle;
        resultHandle = null;
        if (taken == null) {
            throw new IllegalStateException(opCode() + " delivered no handle");
        }
        return taken;
    }

    /**
     * Sets what was opened.
     *
     * @param newHandle the new handle
     */
    public void resultHandle(@Nullable Handle newHandle) {
        this.resultHandle = newHandle;
    }

    /**
     * A result that is no number.
     *
     * @return what {@link OpCode} says, or null
     */
    public @Nullable Object resultObject() {
        return resultObject;
    }

    /**
     * Sets a result that is no number.
     *
     * @param object what {@link OpCode} says
     */
    public void resultObject(@Nullable Object object) {
        this.resultObject = object;
    }

    /**
     * Why it failed, where the driver works in exceptions.
     *
     * @return the reason that belongs to {@link ResultCodes#FAILED}, or null
     */
    public @Nullable Throwable failure() {
        return failure;
    }

    /**
     * Sets why it failed.
     *
     * @param reason the reason
     */
    public void failure(@Nullable Throwable reason) {
        this.failure = reason;
    }

    // Who is told.

    /**
     * Who takes the completions.
     *
     * @return the handler
     */
    public OperationHandler handler() {
        if (handler == null) {
            throw new IllegalStateException(opCode() + " has no handler");
        }
        return handler;
    }

    /**
     * Sets who takes the completions.
     *
     * @param newHandler the handler
     * @return this
     */
    public Operation handler(OperationHandler newHandler) {
        this.handler = newHandler;
        return this;
    }

    /**
     * Whom the handler tells.
     *
     * @return what the submitter set, or null
     */
    public @Nullable Object callback() {
        return callback;
    }

    /**
     * Sets whom the handler tells.
     *
     * @param newCallback usually a {@code RingCallback}
     * @return this
     */
    public Operation callback(@Nullable Object newCallback) {
        this.callback = newCallback;
        return this;
    }

    /**
     * The file or socket that the operation was made for.
     *
     * @return what the submitter set, or null
     */
    public @Nullable Object owner() {
        return owner;
    }

    /**
     * Sets the file or socket that it is for.
     *
     * @param newOwner the file or socket
     * @return this
     */
    public Operation owner(Object newOwner) {
        this.owner = newOwner;
        return this;
    }

    /**
     * The caller's buffer: the same object as {@link #memory()}, or a heap buffer that {@link #memory()} stands in for.
     *
     * @return what the submitter set, or null
     */
    public @Nullable ByteBuffer userBuffer() {
        return userBuffer;
    }

    /**
     * Sets the caller's buffer and the part of it that the whole request covers.
     *
     * @param buffer the buffer
     * @param start its position when the request was made
     * @param bytes what remained in it then
     * @return this
     */
    public Operation userBuffer(ByteBuffer buffer, int start, int bytes) {
        this.userBuffer = buffer;
        this.userStart = start;
        this.userLength = bytes;
        return this;
    }

    /**
     * Where in the caller's buffer the request began.
     *
     * @return an index
     */
    public int userStart() {
        return userStart;
    }

    /**
     * How much of the caller's buffer the request covers.
     *
     * @return bytes
     */
    public int userLength() {
        return userLength;
    }

    /**
     * The lease that the memory comes from.
     *
     * @return the lease, or null for memory of the caller's own
     */
    public @Nullable MemoryLease lease() {
        return lease;
    }

    /**
     * Sets the lease that the memory comes from.
     *
     * @param newLease the lease
     * @return this
     */
    public Operation lease(@Nullable MemoryLease newLease) {
        this.lease = newLease;
        return this;
    }

    /**
     * A number that the handler keeps between the parts of a request, such as bytes done so far.
     *
     * @return the number
     */
    public long progress() {
        return progress;
    }

    /**
     * Sets the handler's number.
     *
     * @param newProgress the number
     * @return this
     */
    public Operation progress(long newProgress) {
        this.progress = newProgress;
        return this;
    }

    /**
     * The ring that it belongs to.
     *
     * @return the ring that made it
     */
    public Ring ring() {
        if (ring == null) {
            throw new IllegalStateException(opCode() + " was not made by a ring");
        }
        return ring;
    }

    /**
     * Sets the ring that it belongs to. For {@link Ring#operation()}.
     *
     * @param newRing the ring
     * @return this
     */
    public Operation ring(Ring newRing) {
        this.ring = newRing;
        return this;
    }

    // Life.

    /**
     * Where it stands.
     *
     * @return the state
     */
    public State state() {
        return state;
    }

    /**
     * Moves it on. For the event loop.
     *
     * @param newState the state
     */
    public void state(State newState) {
        this.state = newState;
    }

    /**
     * Tells this use of the object from every other.
     *
     * @return a number that changes at each recycling
     */
    public int activation() {
        return activation;
    }

    /**
     * Whether cancelling was asked for.
     *
     * @return true once it was
     */
    public boolean isCancelRequested() {
        return cancelRequested;
    }

    /** Records that cancelling was asked for. For the event loop. */
    public void requestCancel() {
        cancelRequested = true;
    }

    /**
     * Whether the ring gave up waiting for the kernel: then its memory may be touched for ever and is never used again.
     *
     * @return true for an operation that outlived its ring
     */
    public boolean isLeftInKernel() {
        return leftInKernel;
    }

    /** Records that the ring gave up waiting. For the event loop. */
    public void leaveInKernel() {
        leftInKernel = true;
    }

    /**
     * In whose line it takes its turn, from its first part to its last.
     *
     * @return a handle, or null for an operation that waits for nobody
     */
    public @Nullable Handle lineOf() {
        return lineOf;
    }

    /**
     * Sets in whose line it takes its turn.
     *
     * @param ordered an open handle of the same ring, or null
     * @return this
     */
    public Operation lineOf(@Nullable Handle ordered) {
        this.lineOf = ordered;
        return this;
    }

    /**
     * Whether the outcome is known, and nothing but the return of the memory is waited for.
     *
     * @return true once the handler has said so
     */
    public boolean isOutcomeKnown() {
        return outcomeKnown;
    }

    /**
     * Records, at a completion that is not the terminal one, that the outcome is known. When the handler returns the loop
     * lets go of the handle and of the place in line: neither a later send nor closing the handle waits for the memory.
     */
    public void outcomeKnown() {
        outcomeKnown = true;
    }

    /**
     * The driver's number for it while it is in flight.
     *
     * @return the number, or -1
     */
    public int slot() {
        return slot;
    }

    /**
     * Sets the driver's number.
     *
     * @param newSlot the number, or -1
     */
    public void slot(int newSlot) {
        this.slot = newSlot;
    }

    /**
     * What the driver needs kept alive or remembered while it is in flight.
     *
     * @return what the driver set, or null
     */
    public @Nullable Object driverState() {
        return driverState;
    }

    /**
     * Sets the driver's object.
     *
     * @param object what has to stay reachable
     */
    public void driverState(@Nullable Object object) {
        this.driverState = object;
    }

    /**
     * The next in its handle's list of operations in flight.
     *
     * @return the next, or null
     */
    public @Nullable Operation nextOfHandle() {
        return nextOfHandle;
    }

    /** Lets go of everything and begins a new activation. For the event loop. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the loop thread alone
    public void recycle() {
        activation++;
        clearRequest();
        resultHandle = null;
        resultObject = null;
        failure = null;
        handler = null;
        callback = null;
        owner = null;
        userBuffer = null;
        userStart = 0;
        userLength = 0;
        lease = null;
        progress = 0;
        cancelRequested = false;
        lineOf = null;
        outcomeKnown = false;
        slot = -1;
        driverState = null;
        state = State.IDLE;
    }

    @Override
    public String toString() {
        return opCode() + "[" + state + ", " + (handle() == null ? argument() : handle()) + ", " + length()
                + " bytes at " + position() + (cancelRequested ? ", cancel requested" : "") + "]";
    }
}
