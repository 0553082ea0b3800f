package dev.ringflow.examples

import java.io.IOException
import java.nio.channels.FileChannel
import java.nio.file.FileAlreadyExistsException
import java.nio.file.Files
import java.nio.file.LinkOption.NOFOLLOW_LINKS
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardOpenOption.READ

/** Where a copy goes: chosen and checked before anything is written. All of it blocks. */
internal class CopyTarget private constructor(val path: Path, private val overwrite: Boolean) {
    /**
     * Gives a finished file its name, in one step: whoever looks sees the whole file or what was there before.
     *
     * @return whether the name is durable: not every file system can sync a directory
     * @throws UserFailure if there is a file of that name by now, and it may not be replaced
     */
    fun publish(finished: TemporaryFile): Boolean {
        rename(finished)
        return syncDirectory()
    }

    private fun rename(finished: TemporaryFile) {
        if (overwrite) {
            Files.move(finished.path, path, ATOMIC_MOVE)
            return
        }
        try {
            // a second name, unlike a rename, never replaces a file that came in meanwhile
            Files.createLink(path, finished.path)
        } catch (e: FileAlreadyExistsException) {
            throw exists(path, e)
        } catch (_: UnsupportedOperationException) {
            moveIfFree(finished)
        } catch (_: IOException) {
            moveIfFree(finished) // a file system without hard links
        }
    }

    private fun moveIfFree(finished: TemporaryFile) {
        if (Files.exists(path, NOFOLLOW_LINKS)) {
            throw exists(path, null)
        }
        Files.move(finished.path, path, ATOMIC_MOVE)
    }

    /** By the JDK: the ring's files are files, not directories. */
    private fun syncDirectory(): Boolean = try {
        FileChannel.open(path.toAbsolutePath().parent, READ).use { it.force(true) }
        true
    } catch (_: IOException) {
        false
    }

    companion object {
        /**
         * Chooses the target's name.
         *
         * @param target a name, or a directory for a file named as the source
         * @throws UserFailure if that makes no sense
         */
        fun choose(source: Path, target: Path, overwrite: Boolean): CopyTarget {
            requireRegular(source, "copy")
            val named = if (Files.isDirectory(target)) target.resolve(source.fileName) else target
            // through a symbolic link to what it points at, which keeps the link
            val path = if (Files.isSymbolicLink(named) && Files.exists(named)) named.toRealPath() else named
            if (Files.exists(path, NOFOLLOW_LINKS)) {
                requireReplaceable(source, path, overwrite)
            }
            val parent = path.toAbsolutePath().parent
            if (parent == null || !Files.isDirectory(parent)) {
                throw UserFailure("$path: cannot write it, there is no directory $parent. Create it first.")
            }
            return CopyTarget(path, overwrite)
        }

        private fun requireReplaceable(source: Path, path: Path, overwrite: Boolean) {
            if (Files.exists(path) && Files.isSameFile(source, path)) {
                throw UserFailure("$source and $path are the same file: nothing to copy")
            }
            if (Files.isDirectory(path)) {
                throw UserFailure("$path: cannot write it, a directory has that name")
            }
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw UserFailure("$path: cannot replace it, it is not a regular file")
            }
            if (!overwrite) {
                throw exists(path, null)
            }
        }

        private fun exists(path: Path, cause: Throwable?) =
            UserFailure("$path: exists already. Choose another name, or replace it with --force.", cause)
    }
}
