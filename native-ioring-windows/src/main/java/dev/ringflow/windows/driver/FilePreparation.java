package dev.ringflow.windows.driver;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.driver.FileTransfer.Kind;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.iocp.Overlapped;
import dev.ringflow.windows.iocp.OverlappedFiles;
import dev.ringflow.windows.iocp.OverlappedSockets;
import dev.ringflow.windows.iocp.WinsockError;
import dev.ringflow.windows.ioring.HResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The content of files: through the ring, and where that cannot be through overlapped requests, one part after the other
 * for vectors. What has no overlapped form is done by helper threads.
 */
final class FilePreparation extends Preparation {
    private static final long OWN_POSITION = -1;
    private static final int NO_DATA = 232;
    private static final int PIPE_NOT_CONNECTED = 233;
    private static final int BROKEN_PIPE = HResult.ofWin32(WinsockError.ERROR_BROKEN_PIPE);

    private final FileRings rings;
    private final ArrayDeque<FileTransfer> unused = new ArrayDeque<>();

    FilePreparation(DriverCore core, FileRings rings) {
        super(core);
        this.rings = rings;
        rings.owner(this);
    }

    @Override
    void start(Operation operation) {
        FileState file = state(operation, FileState.class);
        switch (operation.opCode()) {
            case READ, READ_VECTORED -> transfer(operation, file, Kind.READ);
            case WRITE, APPEND, WRITE_VECTORED -> transfer(operation, file, Kind.WRITE);
            case SYNC, SYNC_RANGE -> sync(operation, file);
            case STAT -> core.helpers().run(new FileJobs.Stat(operation, file));
            case TRUNCATE -> core.helpers().run(new FileJobs.Truncate(operation, file));
            default -> throw new UnsupportedOperationException(operation.opCode() + " is no operation on files");
        }
    }

    private static boolean isVector(Operation operation) {
        return operation.opCode() == OpCode.READ_VECTORED || operation.opCode() == OpCode.WRITE_VECTORED;
    }

    private FileTransfer take(Operation operation, FileState file, Kind kind) {
        FileTransfer transfer = unused.poll();
        if (transfer == null) {
            transfer = new FileTransfer();
        }
        transfer.begin(operation, file, kind);
        operation.driverState(transfer);
        return transfer;
    }

    // Reading and writing.

    private void transfer(Operation operation, FileState file, Kind kind) {
        long address = isVector(operation) ? 0 : address(operation);
        FileTransfer transfer = take(operation, file, kind);
        transfer.address = address;
        transfer.length = operation.length();
        transfer.toEnd = kind == Kind.WRITE && (operation.opCode() == OpCode.APPEND || file.appends());
        transfer.atOwnPosition = !transfer.toEnd && operation.position() == OWN_POSITION;
        if (!transfer.atOwnPosition) {
            step(transfer);
        } else if (file.ownPositionTaken) {
            file.waitingForPosition.add(transfer);
        } else {
            beginAtOwnPosition(transfer);
        }
    }

    private void beginAtOwnPosition(FileTransfer transfer) {
        FileState file = transfer.file();
        file.ownPositionTaken = true;
        transfer.at = file.position;
        step(transfer);
    }

    /** Asks for the next part, or ends it when there is none. */
    private void step(FileTransfer transfer) {
        try {
            Operation operation = transfer.operation();
            boolean vector = isVector(operation);
            if (vector && !transfer.toEnd && transfer.done == 0 && rings.takesPages(transfer)) {
                transfer.pages = VectorPages.of(transfer, operation.vector());
                if (transfer.pages != null) {
                    rings.start(transfer);
                    return;
                }
            }
            if (vector && !nextOfVector(transfer, operation.vector()) || transfer.length == 0) {
                finish(transfer);
            } else if (!transfer.toEnd && !transfer.file().isPipe() && rings.takes(transfer.kind)) {
                if (!vector) {
                    rings.name(transfer);
                }
                rings.start(transfer);
            } else {
                outside(transfer);
            }
        } catch (IOException | RuntimeException e) {
            fail(transfer, e);
        }
    }

    /** Of a vector, the next buffer that is not empty. */
    private static boolean nextOfVector(FileTransfer transfer, ByteBuffer[] vector) {
        while (transfer.index < vector.length && !vector[transfer.index].hasRemaining()) {
            transfer.index++;
        }
        if (transfer.index == vector.length) {
            return false;
        }
        ByteBuffer next = vector[transfer.index];
        transfer.address = DirectMemory.address(next) + next.position();
        transfer.length = Math.min(next.remaining(), Integer.MAX_VALUE - transfer.done);
        return true;
    }

    private void outside(FileTransfer transfer) throws IOException {
        FileState file = transfer.file();
        if (!file.associated) {
            core.blocks().associate(file.file());
            file.associated = true;
        }
        Overlapped block = core.blocks().acquire(transfer.operation());
        core.counters().systemCalls().add(1);
        int answer = transfer.kind == Kind.READ
                ? OverlappedFiles.read(file.file(), transfer.address, transfer.length, transfer.at, block)
                : OverlappedFiles.write(
                        file.file(),
                        transfer.address,
                        transfer.length,
                        transfer.toEnd ? OverlappedFiles.END : transfer.at,
                        block);
        if (answer < 0) {
            block.release();
            ended(transfer, HResult.ofWin32(-answer), 0);
            return;
        }
        transfer.block = block;
        if (transfer.kind == Kind.WRITE) {
            transfer.number = file.writesBegun++;
            file.writesOutside++;
        }
    }

    @Override
    void completed(Operation operation, Overlapped block, int error, int bytes) {
        block.release();
        FileTransfer transfer = (FileTransfer) state(operation);
        transfer.block = null;
        if (transfer.kind == Kind.WRITE) {
            wrote(transfer);
        }
        ended(transfer, HResult.ofWin32(error), bytes);
    }

    /** The part under way has ended. */
    void ended(FileTransfer transfer, int code, long bytes) {
        Operation operation = transfer.operation();
        if (code < 0 && !isEnd(transfer, code)) {
            if (transfer.done > 0 || hasNothingToFlush(transfer, code)) {
                finish(transfer); // what comes next tells it again
            } else if (transfer.file().isDirectory()) {
                fail(transfer, new FileSystemException(transfer.file().toString(), null, "Is a directory"));
            } else if (!HResult.isCancelled(code)) {
                fail(transfer, WindowsFailures.of(operation, transfer.file().isPipe() ? ofPipe(code) : code));
            } else if (operation.isCancelRequested()) {
                cancelled(transfer);
            } else {
                fail(transfer, new AsynchronousCloseException());
            }
            return;
        }
        int moved = code < 0 ? 0 : (int) bytes;
        transfer.done += moved;
        transfer.at += moved;
        if (isVector(operation)
                && transfer.pages == null
                && moved == transfer.length
                && transfer.done < Integer.MAX_VALUE
                && !operation.isCancelRequested()) {
            transfer.index++;
            step(transfer);
        } else {
            finish(transfer);
        }
    }

    private static boolean isEnd(FileTransfer transfer, int code) {
        return code == HResult.HANDLE_EOF
                || transfer.file().isPipe() && transfer.kind == Kind.READ && ofPipe(code) == BROKEN_PIPE;
    }

    /** Windows has several ways to say that the other end is closed. */
    private static int ofPipe(int code) {
        return switch (HResult.win32Code(code)) {
            case NO_DATA, PIPE_NOT_CONNECTED -> BROKEN_PIPE;
            default -> code;
        };
    }

    /** Windows flushes only what is open for writing. */
    private static boolean hasNothingToFlush(FileTransfer transfer, int code) {
        return transfer.kind == Kind.SYNC
                && code == HResult.E_ACCESSDENIED
                && !transfer.file().isWritable();
    }

    private void finish(FileTransfer transfer) {
        Operation operation = transfer.operation();
        int done = transfer.done;
        letGo(transfer);
        core.completions().done(operation, done);
    }

    private void fail(FileTransfer transfer, Throwable failure) {
        Operation operation = transfer.operation();
        letGo(transfer);
        core.completions().failed(operation, WindowsFailures.of(operation, failure));
    }

    private void cancelled(FileTransfer transfer) {
        Operation operation = transfer.operation();
        letGo(transfer);
        core.completions().cancelled(operation);
    }

    private void letGo(FileTransfer transfer) {
        FileState file = transfer.file();
        boolean hadPosition = transfer.atOwnPosition;
        long at = transfer.at;
        transfer.end();
        unused.push(transfer);
        if (hadPosition) {
            file.position = at;
            file.ownPositionTaken = false;
            FileTransfer next = file.waitingForPosition.poll();
            if (next != null) {
                beginAtOwnPosition(next);
            }
        }
    }

    // Making durable.

    /** The ring's flush waits for what the ring was given before. For other writes the sync waits here. */
    private void sync(Operation operation, FileState file) {
        FileTransfer sync = take(operation, file, Kind.SYNC);
        if (file.writesOutside == 0) {
            flush(sync);
            return;
        }
        sync.number = file.writesBegun;
        sync.waitsFor = file.writesOutside;
        file.waitingSyncs.add(sync);
    }

    private void flush(FileTransfer sync) {
        if (rings.takes(Kind.SYNC)) {
            rings.start(sync);
            return;
        }
        Operation operation = sync.operation();
        FileState file = sync.file();
        letGo(sync);
        core.helpers().run(new FileJobs.Sync(operation, file));
    }

    private void wrote(FileTransfer write) {
        FileState file = write.file();
        file.writesOutside--;
        for (Iterator<FileTransfer> all = file.waitingSyncs.iterator(); all.hasNext(); ) {
            FileTransfer sync = all.next();
            if (write.number < sync.number && --sync.waitsFor == 0) {
                all.remove();
                flush(sync);
            }
        }
    }

    // Cancelling.

    @Override
    void cancel(Operation operation) {
        FileTransfer transfer = (FileTransfer) state(operation);
        FileState file = transfer.file();
        if (transfer.inRing) {
            rings.cancel(transfer);
        } else if (transfer.block != null) {
            core.counters().systemCalls().add(1);
            OverlappedSockets.cancel(file.file(), transfer.block);
        } else if (transfer.waitsForRing) {
            rings.forget(transfer);
            cancelled(transfer);
        } else if (file.waitingForPosition.remove(transfer)) {
            transfer.atOwnPosition = false; // it never had it
            cancelled(transfer);
        } else if (file.waitingSyncs.remove(transfer)) {
            cancelled(transfer);
        }
    }

    private static Object state(Operation operation) {
        return java.util.Objects.requireNonNull(operation.driverState());
    }
}
