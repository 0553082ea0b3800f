package dev.ringflow.internal.transfer;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * The name that a file is to get. All of it blocks: worker threads only.
 *
 * @param path the name, with its directory
 * @param overwrite whether what has it may be replaced
 */
record Target(Path path, boolean overwrite) {
    /**
     * Chooses the name, and refuses one that cannot be given.
     *
     * @param source what is copied, or null if it comes from a peer; then no symbolic link is followed
     * @param target a name, or a directory
     * @param name for the file if {@code target} is a directory
     */
    static Target choose(@Nullable Path source, Path target, Path name, boolean overwrite) throws IOException {
        Path named = Files.isDirectory(target) ? target.resolve(name) : target;
        boolean follows = source != null && Files.isSymbolicLink(named) && Files.exists(named);
        Path path = (follows ? named.toRealPath() : named).toAbsolutePath();
        Path parent = path.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new NoSuchFileException(String.valueOf(parent), null, "there is no such directory to write into");
        }
        Target chosen = new Target(path, overwrite);
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            chosen.requireReplaceable(source);
        }
        return chosen;
    }

    private void requireReplaceable(@Nullable Path source) throws IOException {
        if (source != null && Files.exists(source) && Files.exists(path) && Files.isSameFile(source, path)) {
            throw new FileSystemException(source.toString(), path.toString(), "are the same file: nothing to copy");
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(path.toString(), null, "cannot be written, a directory has that name");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new FileSystemException(path.toString(), null, "cannot be replaced, it is not a regular file");
        }
        if (!overwrite) {
            throw new FileAlreadyExistsException(path.toString());
        }
    }

    /** Gives a finished file the name, in one step. */
    void give(Path finished) throws IOException {
        if (overwrite) {
            Files.move(finished, path, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        try {
            Files.createLink(path, finished); // unlike a rename it never replaces a file that came in meanwhile
        } catch (FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(path.toString());
        } catch (UnsupportedOperationException | IOException withoutHardLinks) {
            moveIfFree(finished);
            return;
        }
        Files.delete(finished);
    }

    private void moveIfFree(Path finished) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        Files.move(finished, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
