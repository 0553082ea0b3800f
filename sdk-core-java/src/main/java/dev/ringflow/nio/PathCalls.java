package dev.ringflow.nio;

import dev.ringflow.file.FileStat;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The operations on names as blocking calls. Any thread. */
final class PathCalls {
    /** The name space that the JDK's view of attributes is about. */
    private static final String USER = "user.";

    private PathCalls() {}

    /** An operation that asks something; null for an attribute that is not there. */
    static @Nullable Object ask(Operation operation) throws IOException {
        Path path = operation.path();
        return switch (operation.opCode()) {
            case STAT_PATH -> stat(path, links(operation));
            case GET_ATTRIBUTE -> attribute(operation);
            case LIST_ATTRIBUTES ->
                view(operation).list().stream().map(USER::concat).collect(Collectors.toUnmodifiableList());
            default -> throw new UnsupportedOperationException(operation.opCode() + " asks nothing of a path");
        };
    }

    /** An operation that changes something; its result. */
    static int change(Operation operation, @Nullable ByteBuffer memory) throws IOException {
        Path path = operation.path();
        switch (operation.opCode()) {
            case RENAME -> rename(path, operation.secondPath(), operation.flags() == 1);
            case DELETE -> delete(path, operation.flags() == 1);
            case CREATE_DIRECTORY -> Files.createDirectory(path);
            case CREATE_SYMBOLIC_LINK -> Files.createSymbolicLink(path, operation.secondPath());
            case CREATE_LINK -> Files.createLink(path, operation.secondPath());
            case SET_ATTRIBUTE -> setAttribute(operation, memory);
            case REMOVE_ATTRIBUTE -> {
                return removeAttribute(operation) ? 1 : 0;
            }
            default -> throw new UnsupportedOperationException(operation.opCode() + " changes nothing of a path");
        }
        return 0;
    }

    private static LinkOption[] links(Operation operation) {
        return operation.flags() == 1 ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
    }

    private static FileStat stat(Path path, LinkOption[] links) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, links);
        return FileCalls.stat(attributes.size(), attributes, FileCalls.unixAttributes(path, links));
    }

    private static void rename(Path from, Path to, boolean keep) throws IOException {
        if (!keep || !takenByLink(from, to)) {
            if (keep && Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(to.toString());
            }
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** A second name never replaces one that is there: where files can have two, that is how to be sure. */
    private static boolean takenByLink(Path from, Path to) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(from, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            return false;
        }
        try {
            Files.createLink(to, from);
        } catch (FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(to.toString());
        } catch (FileSystemException | UnsupportedOperationException twoNamesAreNotPossible) {
            return false;
        }
        Files.delete(from);
        return true;
    }

    private static void delete(Path path, boolean directory) throws IOException {
        boolean isDirectory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        if (directory && !isDirectory && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotDirectoryException(path.toString());
        } else if (!directory && isDirectory) {
            throw new FileSystemException(path.toString(), null, "Is a directory");
        }
        Files.delete(path);
    }

    // Extended attributes.

    private static UserDefinedFileAttributeView view(Operation operation) throws IOException {
        UserDefinedFileAttributeView view =
                Files.getFileAttributeView(operation.path(), UserDefinedFileAttributeView.class, links(operation));
        if (view == null) {
            throw unsupported(operation, "on this platform");
        }
        return view;
    }

    private static String name(Operation operation) {
        String name = String.valueOf(operation.secondArgument());
        if (!name.startsWith(USER)) {
            throw unsupported(operation, "for " + name + ": the JDK knows the name space \"user.\" alone");
        }
        return name.substring(USER.length());
    }

    private static UnsupportedOperationException unsupported(Operation operation, String where) {
        return new UnsupportedOperationException(operation.opCode() + " is not supported by the driver "
                + operation.ring().driver() + " " + where);
    }

    private static byte @Nullable [] attribute(Operation operation) throws IOException {
        String name = name(operation);
        UserDefinedFileAttributeView view = view(operation);
        try {
            ByteBuffer value = ByteBuffer.allocate(view.size(name));
            view.read(name, value);
            byte[] bytes = new byte[value.flip().remaining()];
            value.get(bytes);
            return bytes;
        } catch (FileSystemException e) {
            requireMissing(view.list(), name, e);
            return null;
        }
    }

    private static void setAttribute(Operation operation, @Nullable ByteBuffer memory) throws IOException {
        ByteBuffer value = memory == null ? ByteBuffer.allocate(0) : memory;
        view(operation).write(name(operation), value);
    }

    private static boolean removeAttribute(Operation operation) throws IOException {
        String name = name(operation);
        UserDefinedFileAttributeView view = view(operation);
        try {
            view.delete(name);
            return true;
        } catch (FileSystemException e) {
            requireMissing(view.list(), name, e);
            return false;
        }
    }

    private static void requireMissing(List<String> names, String name, FileSystemException failure)
            throws FileSystemException {
        if (names.contains(name)) {
            throw failure;
        }
    }
}
