package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;

/** Operations on open files, and those on nothing. */
final class FilePreparation extends Preparation {
    private final KernelSupport support;

    FilePreparation(ScratchMemory scratch, KernelSupport support) {
        super(scratch);
        this.support = support;
    }

    @Override
    boolean needsHelper(Operation operation) {
        return operation.opCode() == OpCode.TRUNCATE && !support.ftruncate();
    }

    @Override
    int callBlocking(Operation operation) {
        return LibC.ftruncate(fd(operation), operation.position());
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        if (operation.opCode() == OpCode.STAT) {
            operation.driverState(scratch().take(ScratchMemory.SIZE));
        }
        return 0;
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        switch (operation.opCode()) {
            case NOP -> sqe.prepNop();
            case READ -> read(sqe, operation);
            case WRITE -> write(sqe, operation);
            case SYNC ->
                sqe.prepFsync(fd(operation), operation.flags() == 1 ? UringConstants.IORING_FSYNC_DATASYNC : 0);
            case TRUNCATE -> sqe.prepFtruncate(fd(operation), operation.position());
            case CLOSE -> sqe.prepClose(fd(operation));
            case STAT ->
                sqe.prepStatx(
                        fd(operation),
                        scratch().emptyPath(),
                        UringConstants.AT_EMPTY_PATH,
                        FileStats.MASK,
                        kept(operation));
            default -> throw new UnsupportedOperationException(operation.opCode() + " by the driver uring");
        }
    }

    private static void read(Sqe sqe, Operation operation) {
        int index = operation.bufferIndex();
        if (index >= 0) {
            sqe.prepReadFixed(fd(operation), memory(operation), operation.length(), operation.position(), index);
        } else {
            sqe.prepRead(fd(operation), memory(operation), operation.length(), operation.position());
        }
    }

    private static void write(Sqe sqe, Operation operation) {
        int index = operation.bufferIndex();
        if (index >= 0) {
            sqe.prepWriteFixed(fd(operation), memory(operation), operation.length(), operation.position(), index);
        } else {
            sqe.prepWrite(fd(operation), memory(operation), operation.length(), operation.position());
        }
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (result >= 0 && operation.opCode() == OpCode.STAT) {
            operation.resultObject(FileStats.decode((ByteBuffer) state(operation)));
        }
        return result;
    }
}
