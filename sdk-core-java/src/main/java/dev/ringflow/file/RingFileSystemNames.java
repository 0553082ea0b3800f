package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.internal.Answer;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Giving files names and taking names away; {@link RingFileSystem} is the class to use. */
public abstract class RingFileSystemNames {
    private static final int ALL_PERMISSIONS = 0777;
    private static final OperationHandler DELETED_IF_THERE = RingFileSystemNames::deletedIfThere;

    final Ring ring;

    RingFileSystemNames(Ring ring) {
        this.ring = ring;
    }

    /**
     * Gives a file or directory another name, in one step; see rename(2). Whatever has the new name loses it, but for a
     * directory that is not empty. It is durable when the directories are synced:
     * {@link RingFileSystem#syncDirectoryAsync}.
     *
     * @param from its name
     * @param to its new name, on the same file system
     * @param options {@link RenameOption#NO_REPLACE} or nothing
     * @return a future; fails with {@link NoSuchFileException},
     *     {@link java.nio.file.DirectoryNotEmptyException}, {@link java.nio.file.FileAlreadyExistsException},
     *     {@link java.nio.file.AtomicMoveNotSupportedException} between file systems,
     *     {@link java.nio.file.AccessDeniedException} or another {@link java.io.IOException}
     * @throws ProviderMismatchException if a path is not of the default file system
     */
    public RingFuture<@Nullable Void> renameAsync(Path from, Path to, RenameOption... options) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        rename(from, to, future, options);
        return future;
    }

    /**
     * The callback form of {@link #renameAsync}.
     *
     * @param from its name
     * @param to its new name
     * @param callback whom to tell
     * @param options {@link RenameOption#NO_REPLACE} or nothing
     */
    public void rename(Path from, Path to, RingCallback<@Nullable Void> callback, RenameOption... options) {
        int flags = 0;
        for (RenameOption each : options) {
            flags |= switch (each) {
                case NO_REPLACE -> 1;
            };
        }
        Answer.DONE.start(between(OpCode.RENAME, from, to).flags(flags), callback);
    }

    /**
     * Swaps the names of two files or directories, in one step; see {@code RENAME_EXCHANGE} of renameat2(2). Not every
     * file system can, and the nio driver cannot.
     *
     * @param one a name
     * @param other another name on the same file system
     * @return a future; fails as {@link #renameAsync} does, and with {@link UnsupportedOperationException} on the nio
     *     driver
     * @throws ProviderMismatchException if a path is not of the default file system
     */
    public RingFuture<@Nullable Void> exchangeAsync(Path one, Path other) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        exchange(one, other, future);
        return future;
    }

    /**
     * The callback form of {@link #exchangeAsync}.
     *
     * @param one a name
     * @param other another name
     * @param callback whom to tell
     */
    public void exchange(Path one, Path other, RingCallback<@Nullable Void> callback) {
        Answer.DONE.start(between(OpCode.EXCHANGE, one, other), callback);
    }

    /**
     * Removes the name of a file, or a symbolic link; see unlink(2). The file goes when it has no name left and nobody has
     * it open.
     *
     * @param path the name
     * @return a future; fails with {@link NoSuchFileException}, with {@link java.nio.file.FileSystemException} for a
     *     directory, or with another {@link java.io.IOException}
     * @throws ProviderMismatchException if the path is not of the default file system
     */
    public RingFuture<@Nullable Void> deleteAsync(Path path) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        delete(path, future);
        return future;
    }

    /**
     * The callback form of {@link #deleteAsync}.
     *
     * @param path the name
     * @param callback whom to tell
     */
    public void delete(Path path, RingCallback<@Nullable Void> callback) {
        Answer.DONE.start(of(OpCode.DELETE, path), callback);
    }

    /**
     * Removes the name of a file, or a symbolic link, if it is there.
     *
     * @param path the name
     * @return a future of whether it was there; fails as {@link #deleteAsync} does
     * @throws ProviderMismatchException if the path is not of the default file system
     */
    public RingFuture<Boolean> deleteIfExistsAsync(Path path) {
        RingFuture<Boolean> future = new RingFuture<>();
        deleteIfExists(path, future);
        return future;
    }

    /**
     * The callback form of {@link #deleteIfExistsAsync}.
     *
     * @param path the name
     * @param callback whom to tell
     */
    public void deleteIfExists(Path path, RingCallback<Boolean> callback) {
        Operation operation = of(OpCode.DELETE, path).handler(DELETED_IF_THERE).callback(callback);
        callback.submitted(ring, operation, operation.activation());
        ring.submit(operation);
    }

    @SuppressWarnings("unchecked") // deleteIfExists() sets it
    private static void deletedIfThere(Operation operation, int result, int flags) {
        RingCallback<Boolean> callback = (RingCallback<Boolean>) Objects.requireNonNull(operation.callback());
        if (result >= 0) {
            callback.completed(true);
            return;
        }
        Throwable failure = operation.ring().failure(operation, result);
        if (failure instanceof NoSuchFileException) {
            callback.completed(false);
        } else {
            callback.failed(failure);
        }
    }

    /**
     * Removes an empty directory; see rmdir(2).
     *
     * @param path its name
     * @return a future; fails with {@link NoSuchFileException},
     *     {@link java.nio.file.DirectoryNotEmptyException}, {@link java.nio.file.NotDirectoryException} or another
     *     {@link java.io.IOException}
     * @throws ProviderMismatchException if the path is not of the default file system
     */
    public RingFuture<@Nullable Void> deleteDirectoryAsync(Path path) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        deleteDirectory(path, future);
        return future;
    }

    /**
     * The callback form of {@link #deleteDirectoryAsync}.
     *
     * @param path its name
     * @param callback whom to tell
     */
    public void deleteDirectory(Path path, RingCallback<@Nullable Void> callback) {
        Answer.DONE.start(of(OpCode.DELETE, path).flags(1), callback);
    }

    /**
     * Creates a directory, with the permissions that the process's umask leaves of all; see mkdir(2).
     *
     * @param path its name
     * @return a future; fails with {@link java.nio.file.FileAlreadyExistsException}, with {@link NoSuchFileException} if
     *     the directory that it is to be in is missing, or with another {@link java.io.IOException}
     * @throws ProviderMismatchException if the path is not of the default file system
     */
    public RingFuture<@Nullable Void> createDirectoryAsync(Path path) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        createDirectory(path, future);
        return future;
    }

    /**
     * The callback form of {@link #createDirectoryAsync}.
     *
     * @param path its name
     * @param callback whom to tell
     */
    public void createDirectory(Path path, RingCallback<@Nullable Void> callback) {
        Answer.DONE.start(of(OpCode.CREATE_DIRECTORY, path).flags(ALL_PERMISSIONS), callback);
    }

    /**
     * Creates a symbolic link; see symlink(2).
     *
     * @param link its name
     * @param target what it says, which need not exist; a relative one starts where the link is
     * @return a future; fails with {@link java.nio.file.FileAlreadyExistsException}, {@link NoSuchFileException} or
     *     another {@link java.io.IOException}
     * @throws ProviderMismatchException if a path is not of the default file system
     */
    public RingFuture<@Nullable Void> createSymbolicLinkAsync(Path link, Path target) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        createSymbolicLink(link, target, future);
        return future;
    }

    /**
     * The callback form of {@link #createSymbolicLinkAsync}.
     *
     * @param link its name
     * @param target what it says
     * @param callback whom to tell
     */
    public void createSymbolicLink(Path link, Path target, RingCallback<@Nullable Void> callback) {
        Answer.DONE.start(between(OpCode.CREATE_SYMBOLIC_LINK, link, target), callback);
    }

    /**
     * Gives a file one more name; see link(2). A symbolic link gets the name itself, and not what it points at.
     *
     * @param link the new name
     * @param existing a name that it has, on the same file system
     * @return a future; fails with {@link java.nio.file.FileAlreadyExistsException}, {@link NoSuchFileException},
     *     {@link java.nio.file.FileSystemException} between file systems, or another {@link java.io.IOException}
     * @throws ProviderMismatchException if a path is not of the default file system
     */
    public RingFuture<@Nullable Void> createLinkAsync(Path link, Path existing) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        createLink(link, existing, future);
        return future;
    }

    /**
     * The callback form of {@link #createLinkAsync}.
     *
     * @param link the new name
     * @param existing a name that it has
     * @param callback whom to tell
     */
    public void createLink(Path link, Path existing, RingCallback<@Nullable Void> callback) {
        Answer.DONE.start(between(OpCode.CREATE_LINK, link, existing), callback);
    }

    final Operation of(OpCode code, Path path) {
        return ring.operation().opCode(code).argument(checked(path));
    }

    private Operation between(OpCode code, Path path, Path second) {
        return of(code, path).secondArgument(checked(second));
    }

    static Path checked(Path path) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new ProviderMismatchException("Only files of the default file system have operations on a ring, and "
                    + path + " is of " + path.getFileSystem());
        }
        return path;
    }
}
