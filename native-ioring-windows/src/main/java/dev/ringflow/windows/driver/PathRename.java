package dev.ringflow.windows.driver;

import dev.ringflow.nio.JdkCalls;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.Libraries;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Renaming as the other drivers do it: a file takes the place of a file, a directory that of an empty one. Windows replaces
 * files alone, so an empty directory is deleted first, which is no longer one step.
 */
final class PathRename {
    private PathRename() {}

    static void call(Operation operation) throws IOException {
        if (Libraries.isWindows() && operation.flags() != 1 && makesRoom(operation.path(), operation.secondPath())) {
            return;
        }
        JdkCalls.change(operation, null);
    }

    /** True if nothing is left to do. */
    private static boolean makesRoom(Path from, Path to) throws IOException {
        BasicFileAttributes taken = attributes(to);
        BasicFileAttributes moved = taken == null ? null : attributes(from);
        if (taken == null || moved == null) {
            return false;
        }
        if (Files.isSameFile(from, to)) {
            // another spelling of the name is another name
            return from.equals(to) && from.toString().equals(to.toString());
        }
        if (moved.isDirectory() && !taken.isDirectory()) {
            throw new FileSystemException(from.toString(), to.toString(), "Not a directory");
        } else if (!moved.isDirectory() && taken.isDirectory()) {
            throw new FileSystemException(from.toString(), to.toString(), "Is a directory");
        } else if (taken.isDirectory()) {
            Files.delete(to);
        }
        return false;
    }

    private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException none) {
            return null;
        }
    }
}
