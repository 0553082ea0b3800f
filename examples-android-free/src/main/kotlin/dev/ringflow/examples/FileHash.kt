package dev.ringflow.examples

import dev.ringflow.Ring
import dev.ringflow.buffer.BufferPool
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.size
import dev.ringflow.file.RingFile
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withContext
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ
import java.nio.file.attribute.BasicFileAttributes

/** The SHA-256 of files, read through [ring] into the buffers of [pool]. To be used on the loop thread. */
internal class FileHash(
    private val ring: Ring,
    private val pool: BufferPool,
    private val advanced: (Long) -> Unit = {}
) {
    private val reader = ChunkReader(pool)

    /** The digest of all that can be read of a file, in hexadecimal. */
    suspend fun hash(path: Path): String {
        withContext(Dispatchers.IO) { requireRegular(path, "read") }
        return ring.openFile(path, READ).closing { file -> hash(file, file.size(), andWhatFollows = true) }
    }

    /** The digest of the first [size] bytes of an open file, or of all of it. */
    suspend fun hash(file: RingFile, size: Long, andWhatFollows: Boolean): String = coroutineScope {
        val digest = OrderedDigest(this)
        reader.read(file, size) { index, _, chunk ->
            val bytes = chunk.byteBuffer()
            digest.add(index, bytes).await()
            advanced(bytes.limit().toLong())
        }
        if (andWhatFollows) {
            tail(file, size, digest)
        }
        digest.finish()
    }

    /** A file may have grown, and one that the kernel makes up has no size at all. */
    private suspend fun tail(file: RingFile, size: Long, digest: OrderedDigest) {
        var index = (size + pool.bufferSize() - 1) / pool.bufferSize()
        var position = size
        pool.acquire().use { chunk ->
            while (true) {
                val read = reader.readUpTo(file, chunk, position, pool.bufferSize())
                if (read == 0) {
                    return
                }
                digest.add(index++, chunk.byteBuffer()).await()
                position += read
            }
        }
    }
}

/** Refuses what is not a regular file, before it is opened: opening a pipe could take for ever. Blocks. */
internal fun requireRegular(path: Path, what: String) {
    val attributes = Files.readAttributes(path, BasicFileAttributes::class.java)
    if (attributes.isDirectory) {
        throw UserFailure("$path: cannot $what it, it is a directory")
    }
    if (!attributes.isRegularFile) {
        throw UserFailure("$path: cannot $what it, it is not a regular file")
    }
}
