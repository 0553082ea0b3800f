package dev.ringflow.uring.driver;

import dev.ringflow.file.FileAdvice;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;

/** Operations on open files, and those on nothing. */
final class FilePreparation extends Preparation {
    /** The most that a length of 32 bits says. */
    private static final long LONGEST = 0xFFFF_FFFFL;

    private static final FileAdvice[] ADVICE = FileAdvice.values();

    private final KernelSupport support;

    FilePreparation(ScratchMemory scratch, KernelSupport support) {
        super(scratch);
        this.support = support;
    }

    @Override
    boolean needsHelper(Operation operation) {
        return switch (operation.opCode()) {
            case TRUNCATE -> !support.ftruncate();
            case NEXT_DATA, NEXT_HOLE -> true;
            default -> false;
        };
    }

    @Override
    int callBlocking(Operation operation) {
        return operation.opCode() == OpCode.TRUNCATE
                ? LibC.ftruncate(fd(operation), operation.position())
                : seek(operation);
    }

    /** The call moves the file's own position, which is put back. */
    private static int seek(Operation operation) {
        int fd = fd(operation);
        long own = LibC.lseek(fd, 0, LibC.SEEK_CUR);
        if (own < 0) {
            return (int) own;
        }
        long found = LibC.lseek(
                fd, operation.position(), operation.opCode() == OpCode.NEXT_DATA ? LibC.SEEK_DATA : LibC.SEEK_HOLE);
        LibC.lseek(fd, own, LibC.SEEK_SET);
        if (found < 0 && found != -Errno.ENXIO) {
            return (int) found;
        }
        operation.resultObject(Math.max(-1, found));
        return 0;
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        switch (operation.opCode()) {
            case STAT -> operation.driverState(scratch().take(ScratchMemory.SIZE));
            case READ_VECTORED, WRITE_VECTORED -> operation.driverState(Iovecs.of(operation.vector(), scratch()));
            default -> {}
        }
        return 0;
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        switch (operation.opCode()) {
            case NOP -> sqe.prepNop();
            case READ -> read(sqe, operation);
            case WRITE -> write(sqe, operation, operation.position());
            case APPEND -> {
                write(sqe, operation, 0);
                sqe.setRwFlags(UringConstants.RWF_APPEND);
            }
            case READ_VECTORED ->
                sqe.prepReadv(fd(operation), kept(operation), operation.vector().length, operation.position());
            case WRITE_VECTORED ->
                sqe.prepWritev(fd(operation), kept(operation), operation.vector().length, operation.position());
            case SYNC ->
                sqe.prepFsync(fd(operation), operation.flags() == 1 ? UringConstants.IORING_FSYNC_DATASYNC : 0);
            case SYNC_RANGE ->
                sqe.prepSyncFileRange(
                        fd(operation),
                        shortExtent(operation),
                        operation.position(),
                        UringConstants.SYNC_FILE_RANGE_WRITE_AND_WAIT);
            case TRUNCATE -> sqe.prepFtruncate(fd(operation), operation.position());
            case ALLOCATE -> fallocate(sqe, operation, operation.flags() == 1 ? UringConstants.FALLOC_FL_KEEP_SIZE : 0);
            case PUNCH_HOLE ->
                fallocate(sqe, operation, UringConstants.FALLOC_FL_PUNCH_HOLE | UringConstants.FALLOC_FL_KEEP_SIZE);
            case ADVISE ->
                // the form with 64 bits came in Linux 6.10
                sqe.prepFadvise(
                        fd(operation), operation.position(), shortExtent(operation), advice(ADVICE[operation.flags()]));
            case CLOSE -> sqe.prepClose(fd(operation));
            case STAT -> stat(sqe, operation, fd(operation), (ByteBuffer) state(operation));
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

    private static void write(Sqe sqe, Operation operation, long position) {
        int index = operation.bufferIndex();
        if (index >= 0) {
            sqe.prepWriteFixed(fd(operation), memory(operation), operation.length(), position, index);
        } else {
            sqe.prepWrite(fd(operation), memory(operation), operation.length(), position);
        }
    }

    /** The entry for statx(2) of a file descriptor, into memory of the driver's. */
    void stat(Sqe sqe, Operation operation, int fd, ByteBuffer statx) {
        sqe.prepStatx(
                fd,
                scratch().emptyPath(),
                UringConstants.AT_EMPTY_PATH,
                operation.flags() == 1 ? FileStats.ALIGNMENT_MASK : FileStats.MASK,
                Memory.address(statx));
    }

    /** What statx(2) wrote, as the object that the operation asks for. */
    static Object statResult(Operation operation, ByteBuffer statx) {
        return operation.flags() == 1 ? FileStats.alignment(statx) : FileStats.decode(statx);
    }

    private static void fallocate(Sqe sqe, Operation operation, int mode) {
        sqe.prepFallocate(fd(operation), mode, operation.position(), operation.extent());
    }

    /** A length in 32 bits; 0 is up to the end of the file, which stands for whatever is longer. */
    private static int shortExtent(Operation operation) {
        return operation.extent() <= LONGEST ? (int) operation.extent() : 0;
    }

    private static int advice(FileAdvice advice) {
        return switch (advice) {
            case NORMAL -> UringConstants.POSIX_FADV_NORMAL;
            case SEQUENTIAL -> UringConstants.POSIX_FADV_SEQUENTIAL;
            case RANDOM -> UringConstants.POSIX_FADV_RANDOM;
            case WILL_NEED -> UringConstants.POSIX_FADV_WILLNEED;
            case DONT_NEED -> UringConstants.POSIX_FADV_DONTNEED;
            case NO_REUSE -> UringConstants.POSIX_FADV_NOREUSE;
        };
    }

    @Override
    int after(Operation operation, int result, DriverCounters counters) {
        if (result >= 0 && operation.opCode() == OpCode.STAT) {
            operation.resultObject(statResult(operation, (ByteBuffer) state(operation)));
        }
        return result;
    }
}
