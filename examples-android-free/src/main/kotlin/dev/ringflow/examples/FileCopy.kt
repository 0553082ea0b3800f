package dev.ringflow.examples

import dev.ringflow.Ring
import dev.ringflow.buffer.BufferPool
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.size
import dev.ringflow.coroutines.stat
import dev.ringflow.coroutines.sync
import dev.ringflow.coroutines.writeFully
import dev.ringflow.file.FileStat
import dev.ringflow.file.RingFile
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withContext
import java.io.IOException
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import kotlin.math.max
import kotlin.math.min

/**
 * Copies a file and proves the copy. It reads chunks into registered buffers, several in flight, and writes each from
 * the buffer that it was read into; makes them durable, reads them back, and compares the SHA-256 of both. Only then the
 * copy gets its name. Until that moment it is a hidden file beside the target, see [TemporaryFile].
 *
 * The copy is read back through the page cache: that proves what the kernel holds, not what the disk holds.
 *
 * @param ring the ring; [copy] must be called on its loop thread
 * @param chunkSize bytes of each chunk
 * @param depth how many chunks are in flight
 * @param overwrite whether an existing target may be replaced
 * @param listener whom to tell how it goes on
 */
internal class FileCopy(
    private val ring: Ring,
    private val chunkSize: Int = DEFAULT_CHUNK,
    private val depth: Int = DEFAULT_DEPTH,
    private val overwrite: Boolean = false,
    private val listener: Listener = Listener.None
) {
    /** What is being done; each copy goes through all of them in this order. */
    enum class Phase { COPY, SYNC, VERIFY }

    /** Is told how a copy goes on, on the loop thread. */
    interface Listener {
        /** A phase begins, over a file of [size] bytes. */
        fun begins(phase: Phase, size: Long) = Unit

        /** [bytes] more bytes are copied or verified. */
        fun advanced(bytes: Long) = Unit

        /** Does not listen. */
        object None : Listener
    }

    /**
     * A finished copy.
     *
     * @property target the name that the copy has
     * @property size bytes
     * @property sha256 of source and copy
     * @property directoryIsDurable whether the name would survive a power failure; not every file system can tell
     */
    class Result(val target: Path, val size: Long, val sha256: String, val directoryIsDurable: Boolean)

    /**
     * Copies a file.
     *
     * @param source a regular file
     * @param target the copy's name, or a directory for it
     * @throws UserFailure if it makes no sense, or the source changes meanwhile, or the copy differs
     * @throws IOException if reading or writing fails; then there is no new file
     */
    suspend fun copy(source: Path, target: Path): Result {
        val destination = withContext(Dispatchers.IO) { CopyTarget.choose(source, target, overwrite) }
        return ring.openFile(source, READ).closing { input ->
            val before = input.stat()
            try {
                copy(input, before, destination)
            } catch (e: ShrankException) {
                throw changed(source, "shrank from ${before.size()} to ${input.size()} bytes", e)
            }
        }
    }

    private suspend fun copy(input: RingFile, before: FileStat, destination: CopyTarget): Result {
        val temporary = withContext(Dispatchers.IO) { TemporaryFile.createFor(destination.path) }
        try {
            val chunks = (before.size() + chunkSize - 1) / chunkSize
            val digest = ring.bufferPool(chunkSize, max(1, min(depth.toLong(), chunks)).toInt()).use { pool ->
                ring.openFile(temporary.path, READ, WRITE).closing { output -> fill(input, before, output, pool) }
            }
            val durable = withContext(Dispatchers.IO) { destination.publish(temporary) }
            return Result(destination.path, before.size(), digest, durable)
        } catch (e: IOException) {
            throw writeFailure(e, destination.path, before.size()) ?: e
        } finally {
            withContext(NonCancellable + Dispatchers.IO) { temporary.close() }
        }
    }

    private suspend fun fill(input: RingFile, before: FileStat, output: RingFile, pool: BufferPool): String {
        val size = before.size()
        listener.begins(Phase.COPY, size)
        val digest = pump(input, size, output, pool)
        requireUnchanged(input, before, pool)
        listener.begins(Phase.SYNC, size)
        withContext(Dispatchers.IO) { applyAttributes(before, output.path()) }
        output.sync()
        listener.begins(Phase.VERIFY, size)
        val readBack = try {
            FileHash(ring, pool, listener::advanced).hash(output, size, andWhatFollows = false)
        } catch (e: ShrankException) {
            throw UserFailure(
                "the copy of ${input.path()} lost bytes: it ends at ${e.size} of $size. It was removed.",
                e
            )
        }
        if (readBack != digest) {
            throw UserFailure(
                "the copy of ${input.path()} differs from it: SHA-256 $readBack instead of $digest. It was removed." +
                    " This points at faulty memory or a faulty disk."
            )
        }
        return digest
    }

    private suspend fun pump(input: RingFile, size: Long, output: RingFile, pool: BufferPool): String = coroutineScope {
        val digest = OrderedDigest(this)
        ChunkReader(pool).read(input, size) { index, position, chunk ->
            val bytes = chunk.byteBuffer()
            val hashed = digest.add(index, bytes.duplicate()) // while the kernel writes: both only look
            output.writeFully(chunk, position)
            hashed.await()
            listener.advanced(bytes.limit().toLong())
        }
        digest.finish()
    }

    private suspend fun requireUnchanged(input: RingFile, before: FileStat, pool: BufferPool) {
        val source = input.path()
        val more = pool.acquire().use { ChunkReader(pool).readUpTo(input, it, before.size(), 1) }
        if (more > 0) {
            throw changed(source, "grew beyond the ${before.size()} bytes that it had")
        }
        val after = input.stat()
        if (after.size() != before.size()) {
            throw changed(source, "went from ${before.size()} to ${after.size()} bytes")
        }
        if (after.modified() != before.modified()) {
            throw changed(source, "was written to")
        }
    }

    private fun changed(source: Path, how: String, cause: Throwable? = null) = UserFailure(
        "$source $how while it was being copied. Nothing was kept: copy it again when it is at rest.",
        cause
    )

    private fun writeFailure(failure: IOException, target: Path, size: Long): UserFailure? = when {
        isOutOfSpace(failure) -> UserFailure(
            "$target: no space left for the ${formatSize(size)} of the copy. The unfinished copy was removed:" +
                " free some space there, or choose another place.",
            failure
        )

        isTooLarge(failure) -> UserFailure(
            "$target: a file of ${formatSize(size)} is larger than the limit of this process (ulimit -f) or the file" +
                " system allows. The unfinished copy was removed.",
            failure
        )

        else -> null
    }

    companion object {
        const val DEFAULT_CHUNK = 256 * 1024
        const val DEFAULT_DEPTH = 32
    }
}
