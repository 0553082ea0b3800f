package dev.ringflow.windows.driver;

import dev.ringflow.RingException;
import dev.ringflow.nio.JdkCalls;
import dev.ringflow.spi.Driver.Retry;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.Libraries;
import dev.ringflow.windows.iocp.WinsockException;
import dev.ringflow.windows.ioring.HResult;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns Windows' errors into what a user of the JDK would expect. */
final class WindowsFailures {
    private static final int FILE_NOT_FOUND = 2;
    private static final int PATH_NOT_FOUND = 3;
    private static final int ACCESS_DENIED = 5;
    private static final int WRITE_PROTECT = 19;
    private static final int SHARING_VIOLATION = 32;
    private static final int FILE_EXISTS = 80;
    private static final int INVALID_PARAMETER = 87;
    private static final int INVALID_NAME = 123;
    private static final int ALREADY_EXISTS = 183;
    private static final int DIRECTORY = 267;
    private static final int FILENAME_EXCED_RANGE = 206;
    private static final int CANT_ACCESS_FILE = 1920;
    private static final int CANT_RESOLVE_FILENAME = 1921;

    private static final int LONGEST_NAME = 255;
    private static final String TOO_LONG = "File name too long";

    private WindowsFailures() {}

    /** What was thrown on the way: the JDK's exceptions as the other drivers tell them. */
    static Throwable of(Operation operation, Throwable failure) {
        if (failure instanceof RingException) {
            return failure;
        } else if (failure instanceof WinsockException plain) {
            return of(operation, HResult.ofWin32(plain.error()));
        }
        if (failure instanceof NoSuchFileException missing && hasTooLongName(missing.getFile())) {
            return new FileSystemException(missing.getFile(), missing.getOtherFile(), TOO_LONG);
        }
        return failure.getClass().getName().startsWith("java.") ? JdkCalls.failure(operation, failure) : failure;
    }

    /** What an operation on an open file fails with. */
    static IOException of(Operation operation, int code) {
        Object target = operation.owner() != null ? operation.owner() : operation.argument();
        String what = operation.opCode().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (target == null ? "" : " of " + target);
        return new RingException(
                what, code, HResult.name(code), withoutDot(HResult.meaning(code)), advice(operation, code));
    }

    private static String advice(Operation operation, int code) {
        boolean transfers = switch (operation.opCode()) {
            case READ, WRITE, APPEND, READ_VECTORED, WRITE_VECTORED -> true;
            default -> false;
        };
        return transfers && HResult.win32Code(code) == INVALID_PARAMETER
                ? "For direct I/O, address, length and position must be multiples of the sector size."
                : HResult.advice(code);
    }

    static String withoutDot(String meaning) {
        return meaning.endsWith(".") ? meaning.substring(0, meaning.length() - 1) : meaning;
    }

    /** What opening a path fails with. */
    static IOException ofPath(Operation operation, Path path, int code) {
        String name = path.toString();
        if (hasTooLongName(name)) {
            return new FileSystemException(name, null, TOO_LONG);
        }
        return switch (HResult.win32Code(code)) {
            case FILE_NOT_FOUND, PATH_NOT_FOUND ->
                leadsThroughAFile(path) ? new NotDirectoryException(name) : new NoSuchFileException(name);
            case ACCESS_DENIED ->
                Files.isDirectory(path)
                        ? new FileSystemException(name, null, "Is a directory")
                        : new AccessDeniedException(name);
            case FILE_EXISTS, ALREADY_EXISTS -> new FileAlreadyExistsException(name);
            case WRITE_PROTECT -> new FileSystemException(name, null, "Read-only file system");
            case SHARING_VIOLATION ->
                new FileSystemException(name, null, "Another process has the file open and does not share it");
            case DIRECTORY -> new NotDirectoryException(name);
            case CANT_ACCESS_FILE, CANT_RESOLVE_FILENAME ->
                new FileSystemException(name, null, "Too many symbolic links, or one of no use");
            case FILENAME_EXCED_RANGE -> new FileSystemException(name, null, TOO_LONG);
            case INVALID_NAME, INVALID_PARAMETER ->
                new FileSystemException(name, null, withoutDot(HResult.meaning(code)));
            default -> of(operation, code);
        };
    }

    /** Windows says of such a name that it is not there, or of no use. */
    private static boolean hasTooLongName(@Nullable String path) {
        if (path == null || path.length() <= LONGEST_NAME || !Libraries.isWindows()) {
            return false;
        }
        for (Path each : Path.of(path)) {
            if (each.toString().length() > LONGEST_NAME) {
                return true;
            }
        }
        return false;
    }

    private static boolean leadsThroughAFile(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        return parent != null && !Files.isDirectory(parent);
    }

    /** Whether something has run out that may be there again later. */
    static Retry retry(@Nullable Throwable failure) {
        if (!(failure instanceof RingException ring)) {
            return Retry.NEVER;
        }
        return switch (ring.codeName()) {
            case "ERROR_TOO_MANY_OPEN_FILES",
                    "ERROR_NOT_ENOUGH_MEMORY",
                    "E_OUTOFMEMORY",
                    "ERROR_NO_SYSTEM_RESOURCES",
                    "WSAENOBUFS",
                    "WSAEMFILE" -> Retry.LATER;
            default -> Retry.NEVER;
        };
    }
}
