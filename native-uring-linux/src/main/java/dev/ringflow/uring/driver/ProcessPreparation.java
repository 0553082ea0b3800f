package dev.ringflow.uring.driver;

import dev.ringflow.event.ProcessExit.Reason;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.SigInfo;
import java.nio.ByteBuffer;

/**
 * Waiting for the end of processes, by a descriptor of the process, so that another one with the same number is never
 * meant. A child's status is left to be reaped. Of what is no child, or was reaped by somebody else, the descriptor
 * tells the end, and newer kernels the status. See waitid(2) and pidfd_open(2).
 */
final class ProcessPreparation extends Preparation {
    private static final int CLD_KILLED = 2;
    private static final int CLD_DUMPED = 3;
    private static final int SIGNAL = 0x7F;
    private static final int CORE = 0x80;

    private final KernelSupport support;

    ProcessPreparation(ScratchMemory scratch, KernelSupport support) {
        super(scratch);
        this.support = support;
    }

    /** One process. */
    private static final class Waiting {
        private final int pidfd;
        private final ByteBuffer memory;
        private boolean asChild;

        Waiting(int pidfd, ByteBuffer memory, boolean asChild) {
            this.pidfd = pidfd;
            this.memory = memory;
            this.asChild = asChild;
        }
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        if (operation.driverState() != null) {
            return 0; // interrupted, or the next step
        }
        if (operation.position() < 1 || operation.position() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(operation.position() + " is no number of a process");
        }
        counters.systemCalls().add(1);
        int pidfd = LibC.pidfd_open((int) operation.position(), 0);
        if (pidfd < 0) {
            return pidfd;
        }
        operation.driverState(new Waiting(pidfd, scratch().take(SigInfo.SIZE), support.waitid()));
        return 0;
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        Waiting waiting = (Waiting) state(operation);
        if (waiting.asChild) {
            sqe.prepWaitid(
                    UringConstants.P_PIDFD,
                    waiting.pidfd,
                    Memory.address(waiting.memory),
                    UringConstants.WEXITED | UringConstants.WNOWAIT,
                    0);
        } else {
            sqe.prepPollAdd(waiting.pidfd, UringConstants.POLLIN);
        }
    }

    @Override
    boolean goesOn(Operation operation, int result) {
        if (operation.driverState() instanceof Waiting waiting && waiting.asChild && result == -Errno.ECHILD) {
            waiting.asChild = false;
            return true;
        }
        return false;
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (result < 0) {
            return result;
        }
        Waiting waiting = (Waiting) state(operation);
        return waiting.asChild ? told(operation, waiting.memory) : ended(operation, waiting, counters);
    }

    private static int ended(Operation operation, Waiting waiting, DriverCounters counters) {
        counters.systemCalls().add(1);
        int options = UringConstants.WEXITED | UringConstants.WNOWAIT | UringConstants.WNOHANG;
        waiting.memory.putInt(SigInfo.PID, 0);
        int result = LibC.waitid(UringConstants.P_PIDFD, waiting.pidfd, Memory.address(waiting.memory), options);
        if (result == 0 && SigInfo.pid(waiting.memory, 0) != 0) {
            return told(operation, waiting.memory);
        }
        counters.systemCalls().add(1);
        int status = PidfdInfo.exitStatus(waiting.pidfd, waiting.memory);
        if (status < 0) {
            operation.resultObject(Reason.UNKNOWN);
            return 0;
        }
        int signal = status & SIGNAL;
        if (signal == 0) {
            operation.resultObject(Reason.EXITED);
            return status >>> 8 & 0xFF;
        }
        operation.resultObject((status & CORE) != 0 ? Reason.DUMPED_CORE : Reason.KILLED);
        return signal;
    }

    private static int told(Operation operation, ByteBuffer info) {
        operation.resultObject(
                switch (SigInfo.code(info, 0)) {
                    case CLD_KILLED -> Reason.KILLED;
                    case CLD_DUMPED -> Reason.DUMPED_CORE;
                    default -> Reason.EXITED;
                });
        return SigInfo.status(info, 0);
    }

    @Override
    void release(Operation operation) {
        if (operation.driverState() instanceof Waiting waiting) {
            LibC.close(waiting.pidfd);
            scratch().giveBack(waiting.memory);
        }
        operation.driverState(null);
    }
}
