package dev.ringflow.examples

import dev.ringflow.file.FileStat
import java.nio.file.FileAlreadyExistsException
import java.nio.file.FileSystems
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.FileAttribute
import java.nio.file.attribute.FileTime
import java.nio.file.attribute.PosixFileAttributeView
import java.nio.file.attribute.PosixFilePermission
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.ThreadLocalRandom

/**
 * An unfinished file beside the one that it will become, hidden, and readable by its owner only. It is called
 * `.NAME.ringflow-XXXXXXXX.part`: one that is found later was left by a process that was killed, and may be deleted.
 * Closing deletes it, unless it has moved on. All of it blocks.
 */
internal class TemporaryFile private constructor(val path: Path) : AutoCloseable {
    override fun close() {
        Files.deleteIfExists(path)
    }

    companion object {
        private const val ATTEMPTS = 100
        private const val NAME_PART = 40 // of at most four bytes each: a name has 255

        private val POSIX = "posix" in FileSystems.getDefault().supportedFileAttributeViews()

        /** Creates an empty file in the directory of [target]. */
        fun createFor(target: Path): TemporaryFile {
            val name = target.fileName.toString().take(NAME_PART).trimEnd { it.isHighSurrogate() }
            repeat(ATTEMPTS) {
                val suffix = "%08x".format(ThreadLocalRandom.current().nextInt())
                val path = target.resolveSibling(".$name.ringflow-$suffix.part")
                try {
                    return TemporaryFile(Files.createFile(path, *ownerOnly()))
                } catch (_: FileAlreadyExistsException) {
                    // somebody else's
                }
            }
            throw UserFailure("$target: found no free name for an unfinished file beside it. Remove old .part files.")
        }

        private fun ownerOnly(): Array<FileAttribute<*>> = if (POSIX) {
            arrayOf(
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            )
        } else {
            arrayOf()
        }
    }
}

private val PERMISSION_BITS = PosixFilePermission.values().reversed() // OTHERS_EXECUTE is the lowest bit

/** Gives a file the permissions and the time of last change that another one had. Blocks. */
internal fun applyAttributes(source: FileStat, to: Path) {
    if (source.permissions() >= 0) {
        val permissions = PERMISSION_BITS.filterIndexed { bit, _ -> source.permissions() shr bit and 1 == 1 }.toSet()
        Files.getFileAttributeView(to, PosixFileAttributeView::class.java)?.setPermissions(permissions)
    }
    Files.setLastModifiedTime(to, FileTime.from(source.modified()))
}
