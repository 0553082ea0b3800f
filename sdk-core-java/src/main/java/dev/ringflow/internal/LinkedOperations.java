package dev.ringflow.internal;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import dev.ringflow.spi.ResultCodes;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operations that run one after the other, and how far they have come: the argument and the handler of an operation
 * {@link OpCode#CHAIN}, which is in flight as long as any of them may run. Filled by whoever submits, then confined to
 * the loop thread.
 */
public final class LinkedOperations implements OperationHandler {
    /** Who is told that a chain has ended. */
    public interface Listener {
        /**
         * Takes the end of a chain, whose members have all ended, or have been left in the kernel.
         *
         * @param linked the members and what became of them
         * @param notRun why none of them was started, or why some were left in the kernel; otherwise null
         */
        void ended(LinkedOperations linked, @Nullable Throwable notRun);
    }

    /** What the loop does for a chain that runs. */
    public interface Steps {
        /**
         * Starts a member whose turn has come.
         *
         * @param member the member
         */
        void next(Operation member);

        /**
         * Ends a member that is not to be started any more, as cancelled.
         *
         * @param member the member
         */
        void skip(Operation member);

        /**
         * Asks the driver to cancel a member in flight.
         *
         * @param member the member
         */
        void cancel(Operation member);

        /**
         * Ends the chain.
         *
         * @param chain the operation {@link OpCode#CHAIN}
         */
        void done(Operation chain);
    }

    /** The callback of one member. */
    private final class Member<T extends @Nullable Object> implements RingCallback<T> {
        private final int index;
        private final int expected;

        Member(int index, int expected) {
            this.index = index;
            this.expected = expected;
        }

        LinkedOperations linked() {
            return LinkedOperations.this;
        }

        @Override
        public boolean completed(T value) {
            int moved = value instanceof Integer count ? Math.max(0, count) : 0;
            bytes[index] = moved;
            ended(index, moved == expected ? null : tooShort(moved));
            return true;
        }

        @Override
        public void failed(Throwable cause) {
            ended(index, cause);
        }

        private IOException tooShort(int moved) {
            String what = moved + " of " + expected + " bytes were moved, which ends a chain";
            return members.get(index).opCode() == OpCode.READ ? new EOFException(what) : new IOException(what);
        }
    }

    private final List<Operation> members = new ArrayList<>();
    private final Listener listener;
    private int[] bytes = new int[0];
    private @Nullable Throwable[] failures = new Throwable[0];
    private boolean[] over = new boolean[0];
    private boolean goesOn;

    private @Nullable Operation chain;
    private @Nullable Steps steps;
    private boolean inOneGo;
    private boolean skipping;
    private boolean told;
    private boolean calledOff;
    private int current;
    private int left;

    /**
     * Makes an empty chain.
     *
     * @param listener whom to tell
     */
    public LinkedOperations(Listener listener) {
        this.listener = listener;
    }

    /**
     * The chain that an operation is, or is a member of.
     *
     * @param operation any operation
     * @return null for one that stands alone
     */
    public static @Nullable LinkedOperations of(Operation operation) {
        if (operation.opCode() == OpCode.CHAIN) {
            return operation.argument() instanceof LinkedOperations linked ? linked : null;
        }
        return operation.callback() instanceof Member<?> member ? member.linked() : null;
    }

    // Filling.

    /**
     * The callback for the next member; {@link #add} has to follow.
     *
     * @param <T> what it takes
     * @param expected how many bytes the member has to move, 0 if it moves none
     * @return the callback
     */
    public <T extends @Nullable Object> RingCallback<T> callback(int expected) {
        return new Member<>(members.size(), expected);
    }

    /**
     * Adds a member.
     *
     * @param member a filled operation with a callback of this chain
     */
    public void add(Operation member) {
        members.add(member);
    }

    /** Makes later members run although one has failed. */
    public void goOnAfterFailures() {
        goesOn = true;
    }

    /**
     * Hands the chain in.
     *
     * @param ring the ring of all members
     * @param callback what the operation carries for whoever cancels it; it is not told anything but that it was submitted
     */
    public void submit(Ring ring, RingCallback<?> callback) {
        int count = members.size();
        bytes = new int[count];
        failures = new Throwable[count];
        over = new boolean[count];
        left = count;
        Operation operation = ring.operation()
                .opCode(OpCode.CHAIN)
                .argument(this)
                .handler(this)
                .callback(callback);
        chain = operation;
        callback.submitted(ring, operation, operation.activation());
        ring.submit(operation);
    }

    /**
     * Ends a chain that was never handed in.
     *
     * @param why what its members are told
     */
    public void abandon(Throwable why) {
        told = true;
        bytes = new int[members.size()];
        failures = new Throwable[members.size()];
        over = new boolean[members.size()];
        endWhatNeverStarted(why);
    }

    // Running.

    /**
     * The members in order.
     *
     * @return the operations; those that have ended may have other uses already
     */
    public List<Operation> members() {
        return members;
    }

    /**
     * Whether members run although an earlier one has failed.
     *
     * @return true if so
     */
    public boolean isGoingOnAfterFailures() {
        return goesOn;
    }

    /**
     * Records that all members are in flight together.
     *
     * @param loop what acts for the chain
     */
    public void startedInOneGo(Steps loop) {
        steps = loop;
        inOneGo = true;
    }

    /**
     * Starts the first member; each later one is started when the one before has ended.
     *
     * @param loop what acts for the chain
     */
    public void startOneByOne(Steps loop) {
        steps = loop;
        loop.next(members.get(0));
    }

    /**
     * Asks for the end of the chain, because it or a member of it was cancelled.
     *
     * @param cancelled the chain's operation or a member
     */
    public void cancel(Operation cancelled) {
        cancelled.requestCancel();
        Operation whole = java.util.Objects.requireNonNull(chain);
        if (cancelled == whole) {
            calledOff = true;
        } else {
            whole.requestCancel();
        }
        cancelCurrent();
    }

    /** Only the member whose turn it is can be cancelled: the kernel does not know the others yet. */
    private void cancelCurrent() {
        if (steps != null && current < members.size()) {
            Operation member = members.get(current);
            member.requestCancel();
            if (member.state() == Operation.State.IN_FLIGHT) {
                steps.cancel(member);
            }
        }
    }

    private void ended(int index, @Nullable Throwable failure) {
        failures[index] = failure;
        over[index] = true;
        left--;
        int before = current;
        while (current < over.length && over[current]) {
            current++;
        }
        Steps loop = steps;
        Operation whole = chain;
        if (skipping || told || loop == null || whole == null) {
            return;
        }
        boolean cancelled = whole.isCancelRequested();
        if (left > 0 && !inOneGo) {
            if (!cancelled && (failure == null || goesOn)) {
                loop.next(members.get(current));
                return;
            }
            skipping = true;
            for (int i = current; i < over.length; i++) {
                loop.skip(members.get(i));
            }
        }
        if (left == 0) {
            loop.done(whole);
        } else if (cancelled && current != before) {
            cancelCurrent();
        }
    }

    /** The end of the chain's own operation. */
    @Override
    public void completed(Operation whole, int result, int flags) {
        if (told) {
            return;
        }
        told = true;
        Throwable why = result < 0 ? whole.ring().failure(whole, result) : null;
        if (why != null) {
            endWhatNeverStarted(why);
        }
        listener.ended(this, why);
    }

    private void endWhatNeverStarted(Throwable why) {
        for (int i = 0; i < over.length; i++) {
            Operation member = members.get(i);
            if (!over[i] && (steps == null || member.state() == Operation.State.IDLE)) {
                member.failure(why);
                member.handler().completed(member, ResultCodes.FAILED, 0);
            }
        }
    }

    // What became of it.

    /**
     * How many bytes a member moved.
     *
     * @param index which
     * @return bytes
     */
    public int bytes(int index) {
        return bytes[index];
    }

    /**
     * Why a member failed, or was not started.
     *
     * @param index which
     * @return null if it has done all that it was asked
     */
    public @Nullable Throwable failure(int index) {
        return failures[index];
    }

    /**
     * Whether somebody who waited for the chain cancelled it.
     *
     * @return false if it ended by itself, or because a file of it was closed
     */
    public boolean isCalledOff() {
        return calledOff;
    }
}
