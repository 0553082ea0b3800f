package dev.ringflow.uring.driver;

import dev.ringflow.RingException;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** What the operations on names fail with. */
final class PathFailures {
    private PathFailures() {}

    static IOException of(Operation operation, int errno) {
        String path = operation.path().toString();
        String other = hasTwoPaths(operation.opCode()) ? operation.secondPath().toString() : null;
        return switch (errno) {
            case Errno.ENOENT -> new NoSuchFileException(path, other, null);
            case Errno.EEXIST -> exists(operation, path, other);
            case Errno.ENOTEMPTY -> new DirectoryNotEmptyException(other == null ? path : other);
            case Errno.EACCES, Errno.EPERM -> new AccessDeniedException(path, other, ErrnoFailures.reason(errno));
            case Errno.ENOTDIR ->
                other == null
                        ? new NotDirectoryException(path)
                        : new FileSystemException(path, other, "Not a directory");
            case Errno.EISDIR -> new FileSystemException(path, other, "Is a directory");
            case Errno.ELOOP ->
                new FileSystemException(path, other, "A symbolic link where none is allowed, or too many of them");
            case Errno.EROFS -> new FileSystemException(path, other, "The file system is mounted read-only");
            case Errno.ENAMETOOLONG -> new FileSystemException(path, other, "The name is too long");
            case Errno.ETXTBSY -> new FileSystemException(path, other, "The file is a program that runs");
            case Errno.EMLINK -> new FileSystemException(path, other, "The file has as many names as it can have");
            case Errno.EXDEV -> acrossFileSystems(operation, path, other);
            case Errno.EINVAL -> invalid(operation, path, other);
            case Errno.ENFILE -> tableFull(operation);
            default -> ErrnoFailures.other(operation, errno);
        };
    }

    private static boolean hasTwoPaths(OpCode opCode) {
        return switch (opCode) {
            case RENAME, EXCHANGE, CREATE_LINK, CREATE_SYMBOLIC_LINK -> true;
            default -> false;
        };
    }

    private static IOException exists(Operation operation, String path, @Nullable String other) {
        return switch (operation.opCode()) {
            case DELETE -> new DirectoryNotEmptyException(path);
            // without flags nothing that exists is in the way but a directory that is not empty
            case RENAME ->
                operation.flags() == 1 ? new FileAlreadyExistsException(other) : new DirectoryNotEmptyException(other);
            default -> new FileAlreadyExistsException(path);
        };
    }

    private static IOException acrossFileSystems(Operation operation, String path, @Nullable String other) {
        return switch (operation.opCode()) {
            case RENAME, EXCHANGE ->
                new AtomicMoveNotSupportedException(path, other, "The names are on different file systems");
            case OPEN_RESTRICTED ->
                new AccessDeniedException(
                        path,
                        null,
                        OpenFlags.has(operation.flags(), OpenFlags.NO_MOUNTS)
                                ? "The path leads into another file system, or out of where it must stay"
                                : "The path leads out of the directory that it starts from");
            default -> new FileSystemException(path, other, "The names are on different file systems");
        };
    }

    private static IOException invalid(Operation operation, String path, @Nullable String other) {
        boolean opens = operation.opCode() == OpCode.OPEN
                || operation.opCode() == OpCode.OPEN_DIRECT
                || operation.opCode() == OpCode.OPEN_RESTRICTED;
        if (opens && OpenFlags.has(operation.flags(), OpenFlags.DIRECT_IO)) {
            return new FileSystemException(path, null, "The file system has no direct I/O");
        } else if (operation.opCode() == OpCode.RENAME || operation.opCode() == OpCode.EXCHANGE) {
            return new FileSystemException(
                    path, other, "A directory cannot be moved into itself, or the file system cannot do it");
        }
        return new FileSystemException(path, other, "The system takes this for an invalid argument");
    }

    private static IOException tableFull(Operation operation) {
        boolean direct = operation.opCode() == OpCode.OPEN_DIRECT
                || operation.opCode() == OpCode.OPEN_RESTRICTED
                        && OpenFlags.has(operation.flags(), OpenFlags.DIRECT_DESCRIPTOR);
        return direct
                ? new RingException(
                        "opening " + operation.path() + " as a direct descriptor",
                        Errno.ENFILE,
                        Errno.name(Errno.ENFILE),
                        "The ring's table of direct descriptors is full",
                        "Close some of them, or open the ring with a larger RingOptions.fileTable.")
                : ErrnoFailures.other(operation, Errno.ENFILE);
    }
}
