package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Turns the operations of one kind into submission queue entries, and what the kernel answers into results. Here, and
 * nowhere else, a buffer becomes an address: it is checked against the buffer that owns it. Without state of single
 * operations, which is in {@link Operation#driverState()}. Confined to the loop thread, except {@link #callBlocking}.
 */
abstract class Preparation {
    private final ScratchMemory scratch;

    Preparation(ScratchMemory scratch) {
        this.scratch = scratch;
    }

    final ScratchMemory scratch() {
        return scratch;
    }

    /** Whether this kernel's ring cannot do it, and a blocking call has to. */
    boolean needsHelper(Operation operation) {
        return false;
    }

    /** What {@link #needsHelper} stands for: a result or the negated errno. On the helper thread. */
    int callBlocking(Operation operation) {
        throw new UnsupportedOperationException(operation.opCode() + " has no blocking form");
    }

    /** Whether {@link #before} has done all of it, with nothing left for the ring. */
    boolean isDoneByCalls(Operation operation) {
        return false;
    }

    /** What comes before the ring's part: borrowed memory, quick system calls; 0, or the negated errno. */
    int before(Operation operation, DriverCounters counters) {
        return 0;
    }

    /** Writes the entry, all but its user data. Whatever it throws becomes the operation's failure. */
    final void write(Sqe sqe, Operation operation) {
        Handle handle = operation.handle();
        if (handle != null && FileTable.holds(handle)) {
            fillDirect(sqe, operation);
        } else {
            fill(sqe, operation);
        }
    }

    /** Writes the entry for a handle whose value is a file descriptor, or for none. */
    abstract void fill(Sqe sqe, Operation operation);

    /** Writes the entry for a handle whose value is a direct descriptor. */
    void fillDirect(Sqe sqe, Operation operation) {
        switch (operation.opCode()) {
            case CLOSE -> sqe.prepCloseDirect(fd(operation));
            case SPLICE_IN -> {
                fill(sqe, operation);
                sqe.setRwFlags(UringConstants.SPLICE_F_FD_IN_FIXED); // the entry's own descriptor is the pipe's
            }
            default -> {
                fill(sqe, operation);
                sqe.addFlags(UringConstants.IOSQE_FIXED_FILE);
            }
        }
    }

    /** Whether a completion is only that of a step, and another entry has to follow. */
    boolean goesOn(Operation operation, int result) {
        return false;
    }

    /** Whether the kernel has to be asked to end it, so that {@link #goesOn} can begin it anew; asked once after each delivery. */
    boolean isToBeCalledOff(Operation operation) {
        return false;
    }

    /** Sets the outputs; answers the result that the core is told. */
    int after(Operation operation, int result, DriverCounters counters) {
        return result;
    }

    /** Whether an operation that goes on has to be asked again after a delivery, since this kernel ends it with each. */
    boolean repeats(Operation operation, int result) {
        return false;
    }

    /** Flags that name the buffer of {@link dev.ringflow.spi.PickedBuffers} that {@link #after} has filled, or 0. */
    int takenBuffer(Operation operation) {
        return 0;
    }

    /** Reads what the kernel has put into a provided buffer; answers the result that the core is told. */
    int inBuffer(Operation operation, ByteBuffer buffer, int result) {
        return result;
    }

    /** Takes back what the operation borrowed. */
    void release(Operation operation) {
        if (operation.driverState() instanceof ByteBuffer borrowed) {
            scratch.giveBack(borrowed);
        }
        operation.driverState(null);
    }

    /** Where the operation's memory begins, checked. */
    static long memory(Operation operation) {
        ByteBuffer memory = Objects.requireNonNull(operation.memory(), "memory");
        Objects.checkFromIndexSize(operation.memoryOffset(), operation.length(), memory.capacity());
        return Memory.address(memory) + operation.memoryOffset();
    }

    /** The file descriptor, or the slot of a direct descriptor. */
    static int fd(Operation operation) {
        return (int) Objects.requireNonNull(operation.handle(), "handle").value();
    }

    static Object state(Operation operation) {
        return Objects.requireNonNull(operation.driverState());
    }

    /** Where the memory begins that {@link #before} borrowed. */
    static long kept(Operation operation) {
        return Memory.address((ByteBuffer) state(operation));
    }
}
