package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Pipes, and moving bytes through them; see splice(2). */
final class PipePreparation extends Preparation {
    private static final int F_SETPIPE_SZ = 1031;
    private static final int LONGEST = 1 << 30;

    private final KernelSupport support;

    PipePreparation(ScratchMemory scratch, KernelSupport support) {
        super(scratch);
        this.support = support;
    }

    @Override
    boolean isDoneByCalls(Operation operation) {
        return operation.opCode() == OpCode.PIPE && !support.pipe();
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        if (operation.opCode() != OpCode.PIPE) {
            return 0;
        }
        operation.driverState(scratch().take(2 * Integer.BYTES));
        if (support.pipe()) {
            return 0;
        }
        counters.systemCalls().add(1);
        return LibC.pipe2(kept(operation), UringConstants.O_CLOEXEC);
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        int bytes = (int) Math.min(LONGEST, operation.extent());
        switch (operation.opCode()) {
            case PIPE -> sqe.prepPipe(kept(operation), UringConstants.O_CLOEXEC);
            case SPLICE_IN ->
                sqe.prepSplice(fd(operation), operation.position(), pipe(operation), -1, bytes, waits(operation));
            case SPLICE_OUT ->
                sqe.prepSplice(pipe(operation), -1, fd(operation), operation.position(), bytes, waits(operation));
            default -> throw new UnsupportedOperationException(operation.opCode() + " by the driver uring");
        }
    }

    private static int waits(Operation operation) {
        return operation.flags() == 1 ? UringConstants.SPLICE_F_NONBLOCK : 0;
    }

    private static int pipe(Operation operation) {
        return (int)
                Objects.requireNonNull(operation.secondHandle(), "secondHandle").value();
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (result >= 0 && operation.opCode() == OpCode.PIPE) {
            ByteBuffer ends = (ByteBuffer) state(operation);
            int readingEnd = ends.getInt(0);
            int writingEnd = ends.getInt(Integer.BYTES);
            if (operation.flags() > 0) {
                counters.systemCalls().add(1);
                LibC.fcntl(writingEnd, F_SETPIPE_SZ, operation.flags()); // what is refused leaves the pipe as it is
            }
            operation.resultHandle(new Handle(readingEnd));
            operation.resultObject(new Handle(writingEnd));
        }
        return result;
    }
}
