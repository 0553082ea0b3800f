package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;

/** Waiting for descriptors and for words of memory; see io_uring_prep_poll_add(3) and io_uring_prep_futex_wait(3). */
final class WaitPreparation extends Preparation {
    /** Told without being asked for. */
    private static final int ALWAYS = UringConstants.POLLERR | UringConstants.POLLHUP | UringConstants.POLLNVAL;

    /** State of an operation that was asked to go on. */
    private static final Object MULTISHOT = new Object();

    private final KernelSupport support;
    /** Until the kernel says otherwise, which those before Linux 5.13 do. */
    private boolean multishotPoll = true;

    WaitPreparation(ScratchMemory scratch, KernelSupport support) {
        super(scratch);
        this.support = support;
    }

    @Override
    boolean isDoneByCalls(Operation operation) {
        return operation.opCode() == OpCode.FUTEX_WAKE && !support.futex();
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        if (!isDoneByCalls(operation)) {
            return 0;
        }
        counters.systemCalls().add(1);
        return LibC.futexWake(memory(operation), operation.flags());
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        switch (operation.opCode()) {
            case POLL -> sqe.prepPollAdd(fd(operation), operation.flags());
            case POLL_MULTISHOT -> {
                operation.driverState(multishotPoll ? MULTISHOT : null);
                if (multishotPoll) {
                    sqe.prepPollMultishot(fd(operation), operation.flags());
                } else {
                    sqe.prepPollAdd(fd(operation), operation.flags());
                }
            }
            case FUTEX_WAIT -> {
                if (!support.futex()) {
                    throw new UnsupportedOperationException(
                            "FUTEX_WAIT is not supported by the driver uring on this kernel, which has no "
                                    + "IORING_OP_FUTEX_WAIT (since Linux 6.7)");
                }
                sqe.prepFutexWait(
                        memory(operation),
                        operation.extent(),
                        UringConstants.FUTEX_BITSET_MATCH_ANY,
                        UringConstants.FUTEX2_SIZE_U32,
                        0);
            }
            case FUTEX_WAKE ->
                sqe.prepFutexWake(
                        memory(operation),
                        operation.flags(),
                        UringConstants.FUTEX_BITSET_MATCH_ANY,
                        UringConstants.FUTEX2_SIZE_U32,
                        0);
            default -> throw new UnsupportedOperationException(operation.opCode() + " by the driver uring");
        }
    }

    @Override
    boolean goesOn(Operation operation, int result) {
        if (operation.driverState() == MULTISHOT && result == -Errno.EINVAL) {
            multishotPoll = false;
            return true;
        }
        boolean ended = operation.driverState() != MULTISHOT;
        return ended && result > 0 && polls(operation) && events(operation, result) == 0; // woken by something else
    }

    @Override
    boolean repeats(Operation operation, int result) {
        return operation.opCode() == OpCode.POLL_MULTISHOT && result >= 0;
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (operation.opCode() == OpCode.FUTEX_WAIT) {
            return result == -Errno.EAGAIN ? 1 : result;
        }
        return result > 0 && polls(operation) ? events(operation, result) : result;
    }

    private static boolean polls(Operation operation) {
        return operation.opCode() == OpCode.POLL || operation.opCode() == OpCode.POLL_MULTISHOT;
    }

    /** Older kernels tell whatever is so, asked for or not. */
    private static int events(Operation operation, int told) {
        return told & (operation.flags() | ALWAYS);
    }
}
