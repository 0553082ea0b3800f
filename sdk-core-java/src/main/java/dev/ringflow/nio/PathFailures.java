package dev.ringflow.nio;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What the operations on names fail with, where the JDK says it by the system's text alone. */
final class PathFailures {
    private PathFailures() {}

    static IOException of(Operation operation, IOException io) {
        String path = operation.path().toString();
        String other = hasTwoPaths(operation.opCode()) ? operation.secondPath().toString() : null;
        if (io instanceof FileAlreadyExistsException && operation.opCode() == OpCode.RENAME && operation.flags() == 0) {
            // nothing that exists is in the way but a directory that is not empty
            return caused(new DirectoryNotEmptyException(other), io);
        } else if (io instanceof NoSuchFileException && other == null && leadsThroughAFile(operation.path())) {
            return caused(new NotDirectoryException(path), io); // which the JDK tells of from 25 on no more
        } else if (io.getClass() != FileSystemException.class) {
            return io;
        }
        String reason = String.valueOf(((FileSystemException) io).getReason());
        if (reason.startsWith("Directory not empty")) {
            return caused(new DirectoryNotEmptyException(other == null ? path : other), io);
        } else if (reason.startsWith("Not a directory") && other == null) {
            return caused(new NotDirectoryException(path), io);
        } else if (reason.endsWith("Operation not permitted") || reason.endsWith("Permission denied")) {
            return caused(new AccessDeniedException(path, other, reason), io);
        } else if (reason.startsWith("Invalid argument")) {
            return io;
        }
        // of an attribute: what was done, and behind a colon the system's text
        int colon = reason.lastIndexOf(": ");
        return NioFailures.ofSystem(operation, colon < 0 ? reason : reason.substring(colon + 2), io);
    }

    private static boolean leadsThroughAFile(Path path) {
        Path parent = path.getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        return parent != null && !Files.isDirectory(parent);
    }

    private static boolean hasTwoPaths(OpCode opCode) {
        return switch (opCode) {
            case RENAME, EXCHANGE, CREATE_LINK, CREATE_SYMBOLIC_LINK -> true;
            default -> false;
        };
    }

    private static IOException caused(IOException exception, IOException cause) {
        exception.initCause(cause);
        return exception;
    }
}
