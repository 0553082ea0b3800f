package dev.ringflow.windows.driver;

import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.internal.Libraries;
import dev.ringflow.windows.iocp.WinsockError;
import dev.ringflow.windows.ioring.HResult;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens files by {@code CreateFileW}, which blocks, for overlapped requests, with what the options mean to the JDK on
 * Windows: others may read, write, rename and delete the file meanwhile.
 */
final class OpenPreparation extends Preparation {
    static final int SHARE = Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE | Kernel32.FILE_SHARE_DELETE;

    private static final String SHARE_NAME = "\\\\";
    private static final String LONG_NAME = "\\\\?\\";
    private static final int LONGEST_PLAIN_NAME = 248;

    private final FileRings rings;

    OpenPreparation(DriverCore core, FileRings rings) {
        super(core);
        this.rings = rings;
    }

    @Override
    void start(Operation operation) {
        if (operation.opCode() == OpCode.OPEN) {
            core.helpers().run(new Job(operation, core, null));
        } else if (rings.isOpen()) {
            core.helpers().run(new Job(operation, core, rings.files()));
        } else {
            throw new UnsupportedOperationException(operation.opCode() + " is not supported by the driver "
                    + WindowsDriverProvider.NAME + " here: direct descriptors take an I/O ring, and files go " + rings);
        }
    }

    /** What waits for a thread is cancelled by {@link HelperThreads#cancel}. */
    @Override
    void cancel(Operation operation) {}

    /** Windows takes long names only with a prefix, which also keeps it from resolving dots. */
    static String win32Name(Path path) {
        String name = path.toAbsolutePath().toString();
        if (!Libraries.isWindows() || name.length() < LONGEST_PLAIN_NAME || name.startsWith(LONG_NAME)) {
            return name;
        }
        String resolved = path.toAbsolutePath().normalize().toString();
        return resolved.startsWith(SHARE_NAME) ? LONG_NAME + "UNC" + resolved.substring(1) : LONG_NAME + resolved;
    }

    private static final class Job extends HelperJob {
        private final DriverCore core;
        private final @Nullable RegisteredFiles table;
        private @Nullable FileState opened;

        Job(Operation operation, DriverCore core, @Nullable RegisteredFiles table) {
            super(operation);
            this.core = core;
            this.table = table;
        }

        @Override
        void call() throws IOException {
            int flags = operation().flags();
            Path path = operation().path();
            long file = createFile(path, flags);
            try {
                if (OpenFlags.has(flags, OpenFlags.NOFOLLOW) && Files.isSymbolicLink(path)) {
                    throw new FileSystemException(path.toString(), null, "Is a symbolic link");
                }
                BasicFileAttributes attributes = attributes(path);
                boolean directory = attributes != null && attributes.isDirectory();
                if (OpenFlags.has(flags, OpenFlags.DIRECTORY) && !directory) {
                    throw new NotDirectoryException(path.toString());
                }
                if (OpenFlags.has(flags, OpenFlags.TRUNCATE) && !OpenFlags.has(flags, OpenFlags.CREATE_NEW)) {
                    FileJobs.setSize(operation(), file, 0);
                }
                Object key = attributes == null ? new Object() : attributes.fileKey();
                opened = new FileState(core, file, path.toAbsolutePath(), flags, key, directory);
            } catch (IOException | RuntimeException e) {
                Kernel32.closeHandle(file);
                throw e;
            }
        }

        /** Null if the file was deleted meanwhile. */
        private static @Nullable BasicFileAttributes attributes(Path path) {
            try {
                return Files.readAttributes(path, BasicFileAttributes.class);
            } catch (IOException deletedMeanwhile) {
                return null;
            }
        }

        private long createFile(Path path, int flags) throws IOException {
            ByteBuffer name = DirectMemory.wide(win32Name(path));
            long file = createFile(name, flags, attributes(flags));
            if (file == -WinsockError.ERROR_ACCESS_DENIED
                    && (access(flags) & Kernel32.GENERIC_WRITE) == 0
                    && Files.isDirectory(path)) {
                file = createFile(name, flags, attributes(flags) | Kernel32.FILE_FLAG_BACKUP_SEMANTICS);
            }
            if (file < 0) {
                throw WindowsFailures.ofPath(operation(), path, HResult.ofWin32((int) -file));
            }
            return file;
        }

        private static long createFile(ByteBuffer name, int flags, int attributes) {
            long file = Kernel32.createFile(
                    DirectMemory.address(name), access(flags), SHARE, disposition(flags), attributes);
            Reference.reachabilityFence(name);
            return file;
        }

        private static int access(int flags) {
            boolean writes = OpenFlags.has(flags, OpenFlags.WRITE) || OpenFlags.has(flags, OpenFlags.APPEND);
            boolean reads = OpenFlags.has(flags, OpenFlags.READ) || !writes;
            return (reads ? Kernel32.GENERIC_READ : 0) | (writes ? Kernel32.GENERIC_WRITE : 0);
        }

        private static int disposition(int flags) {
            if (OpenFlags.has(flags, OpenFlags.CREATE_NEW)) {
                return Kernel32.CREATE_NEW;
            }
            return OpenFlags.has(flags, OpenFlags.CREATE) ? Kernel32.OPEN_ALWAYS : Kernel32.OPEN_EXISTING;
        }

        private static int attributes(int flags) {
            boolean through = OpenFlags.has(flags, OpenFlags.SYNC) || OpenFlags.has(flags, OpenFlags.DSYNC);
            boolean link = OpenFlags.has(flags, OpenFlags.NOFOLLOW) || OpenFlags.has(flags, OpenFlags.CREATE_NEW);
            return Kernel32.FILE_FLAG_OVERLAPPED
                    | (through ? Kernel32.FILE_FLAG_WRITE_THROUGH : 0)
                    | (OpenFlags.has(flags, OpenFlags.DIRECT_IO) ? Kernel32.FILE_FLAG_NO_BUFFERING : 0)
                    | (link ? Kernel32.FILE_FLAG_OPEN_REPARSE_POINT : 0);
        }

        @Override
        void tell(Completions completions) {
            FileState file = Objects.requireNonNull(opened);
            RegisteredFiles files = table;
            if (files == null) {
                completions.opened(operation(), core.opened(file), null);
                return;
            }
            Handle handle = core.opened(file);
            files.take(index -> {
                if (index < 0) {
                    core.closed(file);
                    file.closeNow();
                    completions.failed(
                            operation(), files.full(operation().path().toString()));
                } else {
                    file.register(files, index, code -> registered(completions, file, handle, index, code));
                }
            });
        }

        private void registered(Completions completions, FileState file, Handle handle, int index, int code) {
            if (code >= 0) {
                completions.opened(operation(), handle, null);
                return;
            }
            core.closed(file);
            Objects.requireNonNull(table).forget(index);
            file.closeNow();
            completions.failed(operation(), WindowsFailures.of(operation(), code));
        }

        @Override
        void drop() {
            if (opened != null) {
                opened.closeNow();
            }
        }
    }
}
