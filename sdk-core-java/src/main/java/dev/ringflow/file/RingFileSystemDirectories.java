package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Directories as a whole; {@link RingFileSystem} is the class to use. */
public abstract class RingFileSystemDirectories extends RingFileSystemAttributes {
    RingFileSystemDirectories(Ring ring) {
        super(ring);
    }

    /** A future that is told as a callback, for what takes several operations. */
    private static final class Told<T extends @Nullable Object> extends CompletableFuture<T>
            implements RingCallback<T> {
        @Override
        public boolean completed(T value) {
            return complete(value);
        }

        @Override
        public void failed(Throwable cause) {
            completeExceptionally(cause);
        }
    }

    /**
     * Creates a directory and whatever is missing above it. One that is there already is no failure.
     *
     * @param path its name
     * @return a future; fails with {@link java.nio.file.FileAlreadyExistsException} if something else has the name, or
     *     with another {@link java.io.IOException}; directories that were made before a failure stay
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    public CompletableFuture<@Nullable Void> createDirectoriesAsync(Path path) {
        Told<@Nullable Void> future = new Told<>();
        createDirectories(path, future);
        return future;
    }

    /**
     * The callback form of {@link #createDirectoriesAsync}; it is several operations, of which
     * {@link RingCallback#submitted} is not told.
     *
     * @param path its name
     * @param callback whom to tell
     */
    public void createDirectories(Path path, RingCallback<@Nullable Void> callback) {
        new DirectoryCreation(this, checked(path), callback).start();
    }

    /**
     * Makes the entries of a directory durable: opens it, syncs it (see fsync(2)), closes it. A file that was created,
     * renamed or deleted may be back, or gone, after a loss of power as long as its directory is not synced.
     *
     * @param directory its name
     * @return a future; fails with {@link java.nio.file.NotDirectoryException},
     *     {@link java.nio.file.NoSuchFileException} or another {@link java.io.IOException}, for example on systems whose
     *     directories cannot be opened (Windows)
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    public CompletableFuture<@Nullable Void> syncDirectoryAsync(Path directory) {
        Told<@Nullable Void> future = new Told<>();
        syncDirectory(directory, future);
        return future;
    }

    /**
     * The callback form of {@link #syncDirectoryAsync}; it is several operations, of which
     * {@link RingCallback#submitted} is not told.
     *
     * @param directory its name
     * @param callback whom to tell
     */
    public void syncDirectory(Path directory, RingCallback<@Nullable Void> callback) {
        RingFile.open(ring, checked(directory), new DirectorySync(callback), RingOpenOption.DIRECTORY);
    }

    /**
     * What a symbolic link says; see readlink(2). The kernel has no ring form: the JDK does it on a helper thread.
     *
     * @param link its name
     * @return a future; fails with {@link java.nio.file.NotLinkException}, {@link java.nio.file.NoSuchFileException} or
     *     another {@link java.io.IOException}
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    public CompletableFuture<Path> readSymbolicLinkAsync(Path link) {
        Told<Path> future = new Told<>();
        readSymbolicLink(link, future);
        return future;
    }

    /**
     * The callback form of {@link #readSymbolicLinkAsync}.
     *
     * @param link its name
     * @param callback whom to tell; of {@link RingCallback#submitted} it is not told
     */
    public void readSymbolicLink(Path link, RingCallback<Path> callback) {
        checked(link);
        BlockingCalls.start(ring, () -> Files.readSymbolicLink(link), callback);
    }

    /**
     * All entries of a directory, in no order and without {@code .} and {@code ..}. The kernel has no ring form: the JDK
     * lists on a helper thread. For a directory of any size use {@link #entriesPublisher}.
     *
     * @param directory its name
     * @return a future of the entries, each resolved against {@code directory}; fails with
     *     {@link java.nio.file.NotDirectoryException}, {@link java.nio.file.NoSuchFileException} or another
     *     {@link java.io.IOException}
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    public CompletableFuture<List<Path>> listAsync(Path directory) {
        Told<List<Path>> future = new Told<>();
        list(directory, future);
        return future;
    }

    /**
     * The callback form of {@link #listAsync}.
     *
     * @param directory its name
     * @param callback whom to tell; of {@link RingCallback#submitted} it is not told
     */
    public void list(Path directory, RingCallback<List<Path>> callback) {
        checked(directory);
        BlockingCalls.start(
                ring,
                () -> {
                    try (Stream<Path> entries = list(directory)) {
                        return entries.toList();
                    }
                },
                callback);
    }

    /**
     * The entries of a directory, in no order and without {@code .} and {@code ..}, read as they are asked for: at most
     * 64 are held, however many there are. The kernel has no ring form: the JDK lists on a helper thread. Subscribers are
     * told on the loop thread.
     *
     * @param directory its name
     * @return a publisher; each subscriber gets a listing of its own, which fails as {@link #listAsync} does
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    public Flow.Publisher<Path> entriesPublisher(Path directory) {
        checked(directory);
        return new EntryPublisher(ring, () -> entryStream(directory));
    }

    /**
     * A tree of files: the start, and all that is beneath it, a directory before what is in it; as
     * {@link Files#walk(Path, int, FileVisitOption...)}, by which a helper thread does it. Subscribers are told on the loop
     * thread, of no more than they ask for.
     *
     * @param start where it begins
     * @param maxDepth how many levels below the start, 0 for the start alone
     * @param options {@link FileVisitOption#FOLLOW_LINKS} or nothing
     * @return a publisher; each subscriber gets a walk of its own, which fails with
     *     {@link java.nio.file.NoSuchFileException}, {@link java.nio.file.AccessDeniedException},
     *     {@link java.nio.file.FileSystemLoopException} or another {@link java.io.IOException}
     * @throws IllegalArgumentException if {@code maxDepth} is negative
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    public Flow.Publisher<Path> walkPublisher(Path start, int maxDepth, FileVisitOption... options) {
        FileVisitOption[] copy = options.clone();
        checkedDepth(checked(start), maxDepth);
        return new EntryPublisher(ring, () -> walkStream(start, maxDepth, copy));
    }

    /**
     * The layer below {@link #entriesPublisher}, for layers built on the ring.
     *
     * @param directory its name; nothing is opened before the first entries are asked for
     * @return a stream, which the caller closes
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    @SuppressWarnings("StreamResourceLeak") // the entry stream closes it
    public EntryStream entryStream(Path directory) {
        checked(directory);
        return new EntryStream(ring, () -> list(directory));
    }

    /**
     * The layer below {@link #walkPublisher}, for layers built on the ring.
     *
     * @param start where it begins
     * @param maxDepth how many levels below the start
     * @param options {@link FileVisitOption#FOLLOW_LINKS} or nothing
     * @return a stream, which the caller closes
     * @throws IllegalArgumentException if {@code maxDepth} is negative
     * @throws java.nio.file.ProviderMismatchException if the path is not of the default file system
     */
    @SuppressWarnings("StreamResourceLeak") // the entry stream closes it
    public EntryStream walkStream(Path start, int maxDepth, FileVisitOption... options) {
        FileVisitOption[] copy = options.clone();
        checkedDepth(checked(start), maxDepth);
        return new EntryStream(ring, () -> Files.walk(start, maxDepth, copy));
    }

    private static void checkedDepth(Path start, int maxDepth) {
        if (maxDepth < 0) {
            throw new IllegalArgumentException("maxDepth must be 0 or more, got " + maxDepth + " for " + start);
        }
    }

    /** Not every system says of a file that it is no directory. */
    @SuppressWarnings("StreamResourceLeak") // whoever calls closes it
    private static Stream<Path> list(Path directory) throws IOException {
        try {
            return Files.list(directory);
        } catch (FileSystemException e) {
            if (e.getClass() == FileSystemException.class && Files.exists(directory) && !Files.isDirectory(directory)) {
                NotDirectoryException clearer = new NotDirectoryException(directory.toString());
                clearer.initCause(e);
                throw clearer;
            }
            throw e;
        }
    }
}
