package dev.ringflow.coroutines

import dev.ringflow.file.EntryStream
import dev.ringflow.file.FileStat
import dev.ringflow.file.RenameOption
import dev.ringflow.file.ResolveOption
import dev.ringflow.file.RingFile
import dev.ringflow.file.RingFileSystem
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import java.nio.file.FileVisitOption
import java.nio.file.LinkOption
import java.nio.file.OpenOption
import java.nio.file.Path

/**
 * Opens a file whose path is restricted, starting from the working directory; see [RingFileSystem.openAsync]. The caller
 * closes it, best with `use { }` or, to wait for it, [closeAndJoin].
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. A file that came all the same
 * is closed: a cancelled caller gets the `CancellationException` and never a file.
 *
 * @param path its path
 * @param restrictions how the path is resolved; any of them needs Linux
 * @param options as for [openFile]
 * @throws java.nio.file.AccessDeniedException if the path leads where it must not
 * @throws java.io.IOException if the system reports another error, as for [openFile]
 * @throws UnsupportedOperationException if the driver cannot restrict, or an option is not supported
 * @throws IllegalArgumentException if restrictions or options contradict each other
 */
public suspend fun RingFileSystem.open(
    path: Path,
    restrictions: Set<ResolveOption>,
    vararg options: OpenOption
): RingFile = awaitResource(RingFile::closeAsync) { open(path, restrictions, it, *options) }

/**
 * Opens a file whose path starts from an open directory, restricted or not; see [RingFileSystem.openAsync].
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. A file that came all the same
 * is closed: a cancelled caller gets the `CancellationException` and never a file.
 *
 * @param directory where a relative path starts, opened with [dev.ringflow.file.RingOpenOption.DIRECTORY] on the same
 *     ring; no direct descriptor
 * @param path its path
 * @param restrictions how the path is resolved, or none
 * @param options as for [openFile]
 * @throws java.nio.file.AccessDeniedException if the path leads where it must not
 * @throws java.io.IOException if the system reports another error, as for [openFile]
 * @throws UnsupportedOperationException if the driver cannot do it, or an option is not supported
 * @throws IllegalArgumentException if restrictions or options contradict each other, or the directory is of another ring
 */
public suspend fun RingFileSystem.open(
    directory: RingFile,
    path: Path,
    restrictions: Set<ResolveOption>,
    vararg options: OpenOption
): RingFile = awaitResource(RingFile::closeAsync) { open(directory, path, restrictions, it, *options) }

/**
 * What the system knows of a file; see statx(2).
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the answer came all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param path its name
 * @param options [LinkOption.NOFOLLOW_LINKS] asks about a symbolic link itself
 * @throws java.nio.file.NoSuchFileException if there is none
 * @throws java.io.IOException if the system reports another error
 */
public suspend fun RingFileSystem.stat(path: Path, vararg options: LinkOption): FileStat =
    await { stat(path, it, *options) }

/**
 * Gives a file or directory another name, in one step. Whatever has the new name loses it, but for a directory that is
 * not empty. It is durable when the directories are synced: [syncDirectory].
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param from its name
 * @param to its new name, on the same file system
 * @param options [RenameOption.NO_REPLACE] or nothing
 * @throws java.nio.file.NoSuchFileException if there is none
 * @throws java.nio.file.FileAlreadyExistsException if the name is taken and must not be replaced
 * @throws java.nio.file.DirectoryNotEmptyException if the name is that of a directory with entries
 * @throws java.nio.file.AtomicMoveNotSupportedException if the names are on different file systems
 * @throws java.io.IOException if the system reports another error
 */
public suspend fun RingFileSystem.rename(from: Path, to: Path, vararg options: RenameOption): Unit =
    awaitDone { rename(from, to, it, *options) }

/**
 * Swaps the names of two files or directories, in one step.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param one a name
 * @param other another name on the same file system
 * @throws java.nio.file.NoSuchFileException if one of them is missing
 * @throws java.io.IOException if the system reports another error
 * @throws UnsupportedOperationException if the driver cannot, as nio
 */
public suspend fun RingFileSystem.exchange(one: Path, other: Path): Unit = awaitDone { exchange(one, other, it) }

/**
 * Removes the name of a file, or a symbolic link.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param path the name
 * @throws java.nio.file.NoSuchFileException if there is none
 * @throws java.io.IOException if it is a directory, or the system reports another error
 */
public suspend fun RingFileSystem.delete(path: Path): Unit = awaitDone { delete(path, it) }

/**
 * Removes the name of a file, or a symbolic link, if it is there.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param path the name
 * @return whether it was there
 * @throws java.io.IOException if it is a directory, or the system reports another error
 */
public suspend fun RingFileSystem.deleteIfExists(path: Path): Boolean = await { deleteIfExists(path, it) }

/**
 * Removes an empty directory.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param path its name
 * @throws java.nio.file.DirectoryNotEmptyException if it has entries
 * @throws java.nio.file.NotDirectoryException if it is none
 * @throws java.nio.file.NoSuchFileException if there is none
 * @throws java.io.IOException if the system reports another error
 */
public suspend fun RingFileSystem.deleteDirectory(path: Path): Unit = awaitDone { deleteDirectory(path, it) }

/**
 * Creates a directory.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param path its name
 * @throws java.nio.file.FileAlreadyExistsException if the name is taken
 * @throws java.nio.file.NoSuchFileException if the directory that it is to be in is missing
 * @throws java.io.IOException if the system reports another error
 */
public suspend fun RingFileSystem.createDirectory(path: Path): Unit = awaitDone { createDirectory(path, it) }

/**
 * Creates a directory and whatever is missing above it. One that is there already is no failure.
 *
 * ### Cancellation
 *
 * Several operations, which cancelling does not stop: the call returns when they are done, and the next suspension point
 * throws.
 *
 * @param path its name
 * @throws java.nio.file.FileAlreadyExistsException if something else has the name
 * @throws java.io.IOException if the system reports another error; directories that were made before stay
 */
public suspend fun RingFileSystem.createDirectories(path: Path): Unit = awaitDone { createDirectories(path, it) }

/**
 * Creates a symbolic link.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param link its name
 * @param target what it says, which need not exist
 * @throws java.nio.file.FileAlreadyExistsException if the name is taken
 * @throws java.io.IOException if the system reports another error
 */
public suspend fun RingFileSystem.createSymbolicLink(link: Path, target: Path): Unit =
    awaitDone { createSymbolicLink(link, target, it) }

/**
 * Gives a file one more name.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param link the new name
 * @param existing a name that it has, on the same file system
 * @throws java.nio.file.FileAlreadyExistsException if the new name is taken
 * @throws java.nio.file.NoSuchFileException if the file is missing
 * @throws java.io.IOException if the system reports another error
 */
public suspend fun RingFileSystem.createLink(link: Path, existing: Path): Unit =
    awaitDone { createLink(link, existing, it) }

/**
 * What a symbolic link says. No kernel has a ring form: the JDK does it on a helper thread.
 *
 * ### Cancellation
 *
 * Cancelling does not stop it: the call returns when the answer has come, and the next suspension point throws.
 *
 * @param link its name
 * @throws java.nio.file.NotLinkException if it is none
 * @throws java.nio.file.NoSuchFileException if it is missing
 * @throws java.io.IOException if the system reports another error
 */
public suspend fun RingFileSystem.readSymbolicLink(link: Path): Path = await { readSymbolicLink(link, it) }

/**
 * Makes the entries of a directory durable: opens it, syncs it, closes it. See [RingFileSystem.syncDirectoryAsync].
 *
 * ### Cancellation
 *
 * Several operations, which cancelling does not stop: the call returns when they are done, and the next suspension point
 * throws.
 *
 * @param directory its name
 * @throws java.nio.file.NotDirectoryException if it is none
 * @throws java.io.IOException if the system reports another error
 */
public suspend fun RingFileSystem.syncDirectory(directory: Path): Unit = awaitDone { syncDirectory(directory, it) }

/**
 * Reads an extended attribute; see [RingFileSystem.getAttributeAsync].
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the answer came all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param path the file's name
 * @param name the attribute's name with its name space, such as `user.origin`
 * @param options [LinkOption.NOFOLLOW_LINKS] asks about a symbolic link itself
 * @return its value, null if the file has no such attribute
 * @throws java.io.IOException if the system reports an error, for example where the file system has no attributes
 * @throws UnsupportedOperationException on the nio driver, for names that do not begin with `user.`
 */
public suspend fun RingFileSystem.getAttribute(path: Path, name: String, vararg options: LinkOption): ByteArray? =
    await { getAttribute(path, name, it, *options) }.orElse(null)

/**
 * Sets an extended attribute, new or not; see [RingFileSystem.setAttributeAsync].
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param path the file's name
 * @param name the attribute's name with its name space, such as `user.origin`
 * @param value its value, copied at once; at most [RingFileSystem.LARGEST_ATTRIBUTE] bytes
 * @param options [LinkOption.NOFOLLOW_LINKS] sets that of a symbolic link itself
 * @throws java.io.IOException if the system reports an error
 * @throws IllegalArgumentException if name or value is too long
 * @throws UnsupportedOperationException on the nio driver, for names that do not begin with `user.`
 */
public suspend fun RingFileSystem.setAttribute(
    path: Path,
    name: String,
    value: ByteArray,
    vararg options: LinkOption
): Unit = awaitDone { setAttribute(path, name, value, it, *options) }

/**
 * Removes an extended attribute. No kernel has a ring form: a helper thread does it.
 *
 * ### Cancellation
 *
 * Cancelling does not stop it: the call returns when it is done, and the next suspension point throws.
 *
 * @param path the file's name
 * @param name the attribute's name with its name space, such as `user.origin`
 * @param options [LinkOption.NOFOLLOW_LINKS] removes that of a symbolic link itself
 * @return whether it was there
 * @throws java.io.IOException if the system reports an error
 */
public suspend fun RingFileSystem.removeAttribute(path: Path, name: String, vararg options: LinkOption): Boolean =
    await { removeAttribute(path, name, it, *options) }

/**
 * The names of a file's extended attributes, with their name spaces. No kernel has a ring form: a helper thread does it.
 *
 * ### Cancellation
 *
 * Cancelling does not stop it: the call returns when the answer has come, and the next suspension point throws.
 *
 * @param path the file's name
 * @param options [LinkOption.NOFOLLOW_LINKS] asks about a symbolic link itself
 * @throws java.io.IOException if the system reports an error
 */
public suspend fun RingFileSystem.attributes(path: Path, vararg options: LinkOption): List<String> =
    await { attributes(path, it, *options) }

/**
 * The entries of a directory, in no order and without `.` and `..`, each resolved against [directory]. No kernel lists by
 * a ring: the JDK does it on a helper thread.
 *
 * The flow is cold, each collector gets a listing of its own, and at most 64 entries are held while the collector is
 * busy, however many there are.
 *
 * ### Cancellation
 *
 * Cancelling the collector closes the directory when the reading that is under way has returned.
 *
 * @param directory its name
 * @return a flow that fails with [java.nio.file.NotDirectoryException], [java.nio.file.NoSuchFileException] or another
 *     [java.io.IOException] of the listing
 */
public fun RingFileSystem.entries(directory: Path): Flow<Path> = pathsOf { entryStream(directory) }

/**
 * A tree of files: the start, and all that is beneath it, a directory before what is in it. No kernel lists by a ring: the
 * JDK does it on a helper thread.
 *
 * The flow is cold, each collector gets a walk of its own, and at most 64 entries are held while the collector is busy.
 *
 * ### Cancellation
 *
 * Cancelling the collector closes the directories when the reading that is under way has returned.
 *
 * @param start where it begins
 * @param maxDepth how many levels below the start, 0 for the start alone
 * @param options [FileVisitOption.FOLLOW_LINKS] or nothing
 * @return a flow that fails with [java.nio.file.NoSuchFileException], [java.nio.file.FileSystemLoopException] or another
 *     [java.io.IOException] of the walk
 * @throws IllegalArgumentException if [maxDepth] is negative
 */
public fun RingFileSystem.walk(
    start: Path,
    maxDepth: Int = Int.MAX_VALUE,
    vararg options: FileVisitOption
): Flow<Path> {
    require(maxDepth >= 0) { "maxDepth must be 0 or more, got $maxDepth for $start" }
    return pathsOf { walkStream(start, maxDepth, *options) }
}

private fun pathsOf(open: () -> EntryStream): Flow<Path> = flow {
    open().use { stream ->
        while (true) {
            val entries: List<Path> = await { stream.next(it) }
            if (entries.isEmpty()) return@flow
            entries.forEach { emit(it) }
        }
    }
}
