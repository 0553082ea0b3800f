package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;

/** Operations on names: opening, and whatever changes a directory. */
final class PathPreparation extends Preparation {
    private static final int FILE_MODE = 0666;

    @SuppressWarnings("unused")
    private final KernelSupport support;

    PathPreparation(ScratchMemory scratch, KernelSupport support) {
        super(scratch);
        this.support = support;
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        operation.driverState(scratch().path(operation.path()));
        return 0;
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        switch (operation.opCode()) {
            case OPEN ->
                sqe.prepOpenat(UringConstants.AT_FDCWD, kept(operation), openFlags(operation.flags()), FILE_MODE);
            default -> throw new UnsupportedOperationException(operation.opCode() + " by the driver uring");
        }
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (result >= 0 && operation.opCode() == OpCode.OPEN) {
            operation.resultHandle(new Handle(result));
            return 0;
        }
        return result;
    }

    private static int openFlags(int flags) {
        boolean read = OpenFlags.has(flags, OpenFlags.READ);
        boolean write = OpenFlags.has(flags, OpenFlags.WRITE);
        int result = write ? read ? UringConstants.O_RDWR : UringConstants.O_WRONLY : UringConstants.O_RDONLY;
        result |= UringConstants.O_CLOEXEC;
        result |= OpenFlags.has(flags, OpenFlags.CREATE) ? UringConstants.O_CREAT : 0;
        result |= OpenFlags.has(flags, OpenFlags.CREATE_NEW) ? UringConstants.O_CREAT | UringConstants.O_EXCL : 0;
        result |= OpenFlags.has(flags, OpenFlags.TRUNCATE) ? UringConstants.O_TRUNC : 0;
        result |= OpenFlags.has(flags, OpenFlags.APPEND) ? UringConstants.O_APPEND : 0;
        result |= OpenFlags.has(flags, OpenFlags.SYNC) ? UringConstants.O_SYNC : 0;
        result |= OpenFlags.has(flags, OpenFlags.DSYNC) ? UringConstants.O_DSYNC : 0;
        result |= OpenFlags.has(flags, OpenFlags.NOFOLLOW) ? UringConstants.O_NOFOLLOW : 0;
        return result;
    }
}
