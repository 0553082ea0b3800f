package dev.ringflow.windows.driver;

import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.ioring.HResult;
import dev.ringflow.windows.ioring.IoRingHandleRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** An open file, and what waits for something else on it. Confined to the loop thread, except for what never changes. */
final class FileState implements HandleState {
    private static final int NONE = -1;

    private final DriverCore core;
    private final long file;
    private IoRingHandleRef ref;
    private final Path path;
    private final int openFlags;
    private final @Nullable Object key;
    private final boolean directory;
    private boolean isPipe;
    private int index = NONE;
    private @Nullable RegisteredFiles table;

    /** Whether its overlapped requests complete on the port. */
    boolean associated;

    /** Where transfers without a position begin. */
    long position;

    /** Whether a transfer without a position is under way; the others wait, for where it ends is where they begin. */
    boolean ownPositionTaken;

    final ArrayDeque<FileTransfer> waitingForPosition = new ArrayDeque<>();

    /** Number of the next write that the ring does not know of, and how many of those are in flight. */
    long writesBegun;

    int writesOutside;

    /** Syncs that wait for such writes. */
    final List<FileTransfer> waitingSyncs = new ArrayList<>();

    FileState(DriverCore core, long file, Path path, int openFlags, @Nullable Object key, boolean directory) {
        this.core = core;
        this.file = file;
        this.ref = IoRingHandleRef.fromHandle(file);
        this.path = path;
        this.openFlags = openFlags;
        this.key = key;
        this.directory = directory;
    }

    /** An end of a pipe. */
    static FileState ofPipe(DriverCore core, long file) {
        FileState pipe = new FileState(core, file, Path.of("pipe"), OpenFlags.WRITE, null, false);
        pipe.isPipe = true;
        return pipe;
    }

    long file() {
        return file;
    }

    /** Whether it has neither positions nor an end but that of its other end. */
    boolean isPipe() {
        return isPipe;
    }

    IoRingHandleRef ref() {
        return ref;
    }

    /** Makes it a direct descriptor: the ring knows it by an index that was taken in its table. */
    void register(RegisteredFiles newTable, int newIndex, IntConsumer registered) {
        table = newTable;
        index = newIndex;
        ref = IoRingHandleRef.fromIndex(newIndex);
        newTable.put(newIndex, file, registered);
    }

    Path path() {
        return path;
    }

    boolean appends() {
        return OpenFlags.has(openFlags, OpenFlags.APPEND);
    }

    boolean isUnbuffered() {
        return OpenFlags.has(openFlags, OpenFlags.DIRECT_IO);
    }

    /** Whether there is nothing to read or write. */
    boolean isDirectory() {
        return directory;
    }

    boolean isWritable() {
        return appends() || OpenFlags.has(openFlags, OpenFlags.WRITE);
    }

    /** Tells whether another file has the path later; null where the file system knows no such thing. */
    @Nullable
    Object key() {
        return key;
    }

    @Override
    public void close(Operation operation) {
        if (table == null) {
            core.helpers().run(new Closing(operation, file));
            return;
        }
        operation.driverState(this);
        // a table that has the file keeps it open
        table.remove(index, code -> core.helpers().run(new Closing(operation, file)));
    }

    private static final class Closing extends HelperJob {
        private final long file;

        Closing(Operation operation, long file) {
            super(operation);
            this.file = file;
        }

        @Override
        void call() throws IOException {
            int answer = Kernel32.closeHandle(file);
            if (answer < 0) {
                throw WindowsFailures.of(operation(), HResult.ofWin32(-answer));
            }
        }

        @Override
        void tell(Completions completions) {
            completions.done(operation(), 0);
        }
    }

    @Override
    public void closeNow() {
        Kernel32.closeHandle(file);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
