package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file system as a ring reaches it: names, directories, links, attributes, and opening files on a restricted way.
 * {@link Ring#fileSystem()} gives it. Without state, and for any thread; futures and callbacks complete on the loop thread.
 *
 * <p><b>How it is done.</b> By the ring where the kernel has it: renaming and deleting since Linux 5.11, directories and
 * links since 5.15, extended attributes of files since 5.19. What it lacks, and what no kernel has (removing and listing
 * extended attributes, listing directories), is done on helper threads; {@link dev.ringflow.Capabilities#support} tells.
 * The nio driver does all that the JDK can, on helper threads.
 *
 * <p><b>Cancelling</b> asks the kernel to stop. What has been done by then stays done.
 *
 * <p><b>Errors.</b> The exceptions are those of {@link java.nio.file.Files}, from every driver, and a
 * {@link dev.ringflow.RingException} where it has none. Paths must be of the default file system; an empty one is the
 * working directory.
 */
public final class RingFileSystem extends RingFileSystemDirectories {
    private RingFileSystem(Ring ring) {
        super(ring);
    }

    /**
     * The file system as a ring reaches it; {@link Ring#fileSystem()} is the usual way to it.
     *
     * @param ring an open ring
     * @return an object without state
     */
    public static RingFileSystem of(Ring ring) {
        return new RingFileSystem(ring);
    }

    /**
     * Opens a file whose path is restricted, starting from the working directory; see openat2(2). Safe against anybody who
     * changes directories and links meanwhile: the kernel decides while it opens. Without restrictions it is
     * {@link Ring#openFileAsync}.
     *
     * @param path its path
     * @param restrictions how the path is resolved; any of them needs Linux
     * @param options as for {@link Ring#openFileAsync}
     * @return a future of the open file; fails with {@link java.nio.file.AccessDeniedException} if the path leads where it
     *     must not, as {@link Ring#openFileAsync} does, and with {@link UnsupportedOperationException} on the nio driver
     * @throws IllegalArgumentException if restrictions or options contradict each other
     * @throws UnsupportedOperationException if an option is not supported
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    public RingFuture<RingFile> openAsync(Path path, Set<ResolveOption> restrictions, OpenOption... options) {
        RingFuture<RingFile> future = new RingFuture<>();
        open(path, restrictions, future, options);
        return future;
    }

    /**
     * Opens a file whose path starts from an open directory, restricted or not; see openat2(2). An absolute path does not
     * start there, unless {@link ResolveOption#IN_ROOT} says so.
     *
     * @param directory where a relative path starts: a file opened with {@link RingOpenOption#DIRECTORY} on the same ring,
     *     and no direct descriptor; closing it cancels the opening
     * @param path its path
     * @param restrictions how the path is resolved, or none
     * @param options as for {@link Ring#openFileAsync}
     * @return a future of the open file; fails as {@link #openAsync(Path, Set, OpenOption...)} does
     * @throws IllegalArgumentException if restrictions or options contradict each other, or the directory is of another
     *     ring or a direct descriptor
     * @throws UnsupportedOperationException if an option is not supported
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    public RingFuture<RingFile> openAsync(
            RingFile directory, Path path, Set<ResolveOption> restrictions, OpenOption... options) {
        RingFuture<RingFile> future = new RingFuture<>();
        open(directory, path, restrictions, future, options);
        return future;
    }

    /**
     * The callback form of {@link #openAsync(Path, Set, OpenOption...)}.
     *
     * @param path its path
     * @param restrictions how the path is resolved
     * @param callback whom to tell
     * @param options as for {@link Ring#openFileAsync}
     */
    public void open(
            Path path, Set<ResolveOption> restrictions, RingCallback<RingFile> callback, OpenOption... options) {
        start(null, path, restrictions, callback, options);
    }

    /**
     * The callback form of {@link #openAsync(RingFile, Path, Set, OpenOption...)}.
     *
     * @param directory where a relative path starts
     * @param path its path
     * @param restrictions how the path is resolved, or none
     * @param callback whom to tell
     * @param options as for {@link Ring#openFileAsync}
     */
    public void open(
            RingFile directory,
            Path path,
            Set<ResolveOption> restrictions,
            RingCallback<RingFile> callback,
            OpenOption... options) {
        if (directory.ring() != ring) {
            throw new IllegalArgumentException(directory + " is open on another ring");
        } else if (directory.isDirectDescriptor()) {
            throw new IllegalArgumentException(
                    directory + " is a direct descriptor, from which no path can start: installAsync makes another");
        }
        start(directory, path, restrictions, callback, options);
    }

    private void start(
            @Nullable RingFile directory,
            Path path,
            Set<ResolveOption> restrictions,
            RingCallback<RingFile> callback,
            OpenOption... options) {
        int flags = OpenOptions.flags(options) | ResolveOption.flags(restrictions);
        boolean plain = directory == null && !OpenFlags.has(flags, OpenFlags.RESOLVE);
        Operation operation = of(plain ? OpenOptions.opCode(flags) : OpCode.OPEN_RESTRICTED, path);
        RingFile.open(operation.flags(flags).handle(directory == null ? null : directory.handle), callback);
    }
}
