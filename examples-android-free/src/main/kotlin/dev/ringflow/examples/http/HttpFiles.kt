package dev.ringflow.examples.http

import dev.ringflow.Ring
import dev.ringflow.coroutines.closeAndJoin
import dev.ringflow.coroutines.open
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.stat
import dev.ringflow.file.FileStat
import dev.ringflow.file.ResolveOption
import dev.ringflow.file.RingFile
import dev.ringflow.file.RingOpenOption
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.ByteArrayOutputStream
import java.nio.file.AccessDeniedException
import java.nio.file.FileSystemException
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ

/**
 * The files beneath one directory. Nothing outside of it can be had: on Linux the kernel itself resolves each path beneath
 * the directory, elsewhere the real path is looked at first. Names that begin with a dot are not served.
 */
internal class HttpFiles private constructor(
    private val ring: Ring,
    private val root: Path,
    private val directory: RingFile?
) : AutoCloseable {
    /** A file to send. Whoever gets it closes it. */
    class Found(val file: RingFile, val stat: FileStat, val name: String) : AutoCloseable {
        override fun close() = file.close()
    }

    /** Opens what the target of a request names. */
    suspend fun find(target: String): Found {
        val path = pathOf(target)
        try {
            val found = open(path)
            if (!found.stat.isDirectory) {
                return found
            }
            found.file.closeAndJoin()
            if (!target.substringBefore('?').endsWith("/")) {
                val there = target.substringBefore('?') + "/"
                throw HttpFailure(HttpStatus.MOVED_PERMANENTLY, "It is at $there", listOf("Location" to there))
            }
            val index = open(if (path.isEmpty()) INDEX else "$path/$INDEX")
            if (index.stat.isRegularFile) {
                return index
            }
            index.file.closeAndJoin()
            throw notFound()
        } catch (e: AccessDeniedException) {
            throw HttpFailure(HttpStatus.FORBIDDEN, "This file is not for everybody").apply { initCause(e) }
        } catch (e: FileSystemException) {
            throw notFound().apply { initCause(e) }
        }
    }

    private suspend fun open(path: String): Found {
        val place = root.resolve(path)
        val before = ring.fileSystem().stat(place)
        if (!before.isRegularFile && !before.isDirectory) {
            throw notFound() // opening a pipe would wait for a writer
        }
        val file = if (directory != null) {
            ring.fileSystem().open(directory, Path.of(path.ifEmpty { "." }), setOf(ResolveOption.BENEATH), READ)
        } else {
            ring.openFile(requireBeneath(place), READ)
        }
        return try {
            Found(file, file.stat(), path.substringAfterLast('/'))
        } catch (e: Throwable) {
            file.close()
            throw e
        }
    }

    private suspend fun requireBeneath(place: Path): Path = withContext(Dispatchers.IO) {
        val real = place.toRealPath()
        if (!real.startsWith(root)) {
            throw AccessDeniedException(place.toString())
        }
        real
    }

    override fun close() {
        directory?.close()
    }

    companion object {
        private const val INDEX = "index.html"

        /** The files beneath [root], which must be a directory. */
        suspend fun beneath(ring: Ring, root: Path): HttpFiles {
            val real = withContext(Dispatchers.IO) { root.toRealPath() }
            val directory = try {
                val opened = ring.openFile(real, READ, RingOpenOption.DIRECTORY)
                try {
                    ring.fileSystem().open(opened, Path.of("."), setOf(ResolveOption.BENEATH), READ).closeAndJoin()
                    opened
                } catch (e: UnsupportedOperationException) {
                    opened.closeAndJoin()
                    throw e
                }
            } catch (_: UnsupportedOperationException) {
                null
            }
            return HttpFiles(ring, real, directory)
        }

        private fun notFound() = HttpFailure(HttpStatus.NOT_FOUND, "There is no such file")

        /** The path that a target names, relative to the root and without a leading or trailing slash. */
        internal fun pathOf(target: String): String {
            val raw = target.substringBefore('?').substringBefore('#')
            if (!raw.startsWith("/")) {
                throw HttpFailure(HttpStatus.BAD_REQUEST, "What is asked for begins with a slash")
            }
            val parts = decode(raw).split('/').filter(String::isNotEmpty)
            if (parts.any { it.startsWith(".") || '\u0000' in it || '\\' in it }) {
                throw notFound()
            }
            return parts.joinToString("/")
        }

        private fun decode(text: String): String {
            if ('%' !in text) {
                return text
            }
            val bytes = ByteArrayOutputStream(text.length)
            var i = 0
            while (i < text.length) {
                if (text[i] == '%') {
                    val code =
                        text.substring(i + 1, minOf(i + 3, text.length)).takeIf { it.length == 2 }?.toIntOrNull(16)
                            ?: throw HttpFailure(
                                HttpStatus.BAD_REQUEST,
                                "A percent sign is followed by two hexadecimal digits"
                            )
                    bytes.write(code)
                    i += 3
                } else {
                    bytes.write(text[i].code)
                    i++
                }
            }
            return bytes.toString(Charsets.UTF_8)
        }
    }
}
