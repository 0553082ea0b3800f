package dev.ringflow.windows.driver;

import dev.ringflow.nio.JdkCalls;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.iocp.WinsockError;
import dev.ringflow.windows.ioring.HResult;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What Windows does with open files in calls that block. */
final class FileJobs {
    private FileJobs() {}

    private static void check(Operation operation, int answer) throws IOException {
        if (answer < 0) {
            throw WindowsFailures.of(operation, HResult.ofWin32(-answer));
        }
    }

    /** {@code SetFileInformationByHandle}: cuts a file, or makes it longer by zeros. */
    static void setSize(Operation operation, long file, long size) throws IOException {
        ByteBuffer word = DirectMemory.allocate(Long.BYTES, Long.BYTES).putLong(0, size);
        int answer = Kernel32.setEndOfFile(file, DirectMemory.address(word));
        Reference.reachabilityFence(word);
        check(operation, answer);
    }

    /** {@code FlushFileBuffers}, which wants a file that is open for writing; there is nothing to make durable otherwise. */
    static final class Sync extends Simple {
        Sync(Operation operation, FileState file) {
            super(operation, file);
        }

        @Override
        void call() throws IOException {
            int answer = Kernel32.flushFileBuffers(file.file());
            if (answer != -WinsockError.ERROR_ACCESS_DENIED) {
                check(operation(), answer);
            }
        }
    }

    /** Sets the size. */
    static final class Truncate extends Simple {
        Truncate(Operation operation, FileState file) {
            super(operation, file);
        }

        @Override
        void call() throws IOException {
            setSize(operation(), file.file(), operation().position());
        }
    }

    private abstract static class Simple extends HelperJob {
        final FileState file;

        Simple(Operation operation, FileState file) {
            super(operation);
            this.file = file;
        }

        @Override
        void tell(Completions completions) {
            completions.done(operation(), 0);
        }
    }

    /**
     * Attributes: by the handle where files have no key that would tell them from others. Elsewhere, which is where Windows
     * is simulated, the rest is asked by path.
     */
    static final class Stat extends HelperJob {
        private final FileState file;
        private @Nullable Object answer;

        Stat(Operation operation, FileState file) {
            super(operation);
            this.file = file;
        }

        @Override
        void call() throws IOException {
            if (operation().flags() == 1) {
                answer = JdkCalls.alignment(file.path());
                return;
            }
            if (file.key() == null) {
                ByteBuffer information = DirectMemory.allocate(HandleStat.SIZE, Long.BYTES);
                check(operation(), Kernel32.getFileInformation(file.file(), DirectMemory.address(information)));
                answer = HandleStat.of(information, false);
                return;
            }
            ByteBuffer word = DirectMemory.allocate(Long.BYTES, Long.BYTES);
            int result = Kernel32.getFileSizeEx(file.file(), DirectMemory.address(word));
            Reference.reachabilityFence(word);
            check(operation(), result);
            answer = JdkCalls.stat(file.path(), word.getLong(0), file.key());
        }

        @Override
        void tell(Completions completions) {
            completions.answered(operation(), Objects.requireNonNull(answer));
        }
    }
}
