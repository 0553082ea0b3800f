package dev.ringflow.windows.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.ioring.HResult;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Opens pipes: those of Windows that have no name cannot be asked for overlapped requests, so these have one that nobody can
 * guess, of which there is one instance only. {@link FilePreparation} reads and writes them.
 */
final class PipePreparation extends Preparation {
    private static final String NAMES = "\\\\.\\pipe\\ringflow-";

    /** What Windows has room for if nobody says otherwise. */
    private static final int USUAL = 65_536;

    PipePreparation(DriverCore core) {
        super(core);
    }

    @Override
    void start(Operation operation) {
        core.helpers().run(new Job(operation, core));
    }

    /** What waits for a thread is cancelled by {@link HelperThreads#cancel}. */
    @Override
    void cancel(Operation operation) {}

    private static final class Job extends HelperJob {
        private final DriverCore core;
        private @Nullable FileState source;
        private @Nullable FileState sink;

        Job(Operation operation, DriverCore core) {
            super(operation);
            this.core = core;
        }

        @Override
        void call() throws IOException {
            ByteBuffer name = DirectMemory.wide(NAMES + UUID.randomUUID());
            int capacity = operation().flags() > 0 ? operation().flags() : USUAL;
            long reading = require(Kernel32.createNamedPipe(
                    DirectMemory.address(name),
                    Kernel32.PIPE_ACCESS_INBOUND | Kernel32.FILE_FLAG_OVERLAPPED,
                    capacity));
            long writing = Kernel32.createFile(
                    DirectMemory.address(name),
                    Kernel32.GENERIC_WRITE,
                    0,
                    Kernel32.OPEN_EXISTING,
                    Kernel32.FILE_FLAG_OVERLAPPED);
            Reference.reachabilityFence(name);
            if (writing < 0) {
                Kernel32.closeHandle(reading);
                require(writing);
            }
            source = FileState.ofPipe(core, reading);
            sink = FileState.ofPipe(core, writing);
        }

        private long require(long handle) throws IOException {
            if (handle < 0) {
                throw WindowsFailures.of(operation(), HResult.ofWin32((int) -handle));
            }
            return handle;
        }

        @Override
        void tell(Completions completions) {
            if (source != null && sink != null) {
                completions.opened(operation(), core.opened(source), core.opened(sink));
            }
        }

        @Override
        void drop() {
            if (source != null && sink != null) {
                source.closeNow();
                sink.closeNow();
            }
        }
    }
}
