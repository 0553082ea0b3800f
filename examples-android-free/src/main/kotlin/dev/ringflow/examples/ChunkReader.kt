package dev.ringflow.examples

import dev.ringflow.buffer.BufferPool
import dev.ringflow.buffer.RingBuffer
import dev.ringflow.coroutines.read
import dev.ringflow.file.RingFile
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import java.io.EOFException
import kotlin.math.min

/** What is done with a chunk, while its buffer is held: its content lies from position to limit. */
internal fun interface ChunkHandler {
    suspend fun handle(index: Long, position: Long, chunk: RingBuffer)
}

/** A file ended before the size that it had: at [size]. */
internal class ShrankException(val size: Long) : EOFException("The file ended at $size")

/**
 * Reads a file in chunks of the size of [pool]'s buffers, with as many in flight as the pool has buffers. It must be
 * called on the loop thread.
 */
internal class ChunkReader(private val pool: BufferPool) {
    /**
     * Reads the first [size] bytes. Chunks are begun in order, and handed to [handler] in the order in which they
     * arrive, several at a time.
     *
     * @throws ShrankException if the file ends before
     */
    suspend fun read(file: RingFile, size: Long, handler: ChunkHandler) {
        val chunks = (size + pool.bufferSize() - 1) / pool.bufferSize()
        var next = 0L // confined to the loop thread, as all workers are
        coroutineScope {
            repeat(min(pool.count().toLong(), chunks).toInt()) {
                launch {
                    pool.acquire().use { chunk ->
                        while (next < chunks) {
                            val index = next++
                            val position = index * pool.bufferSize()
                            fill(file, chunk, position, min(pool.bufferSize().toLong(), size - position).toInt())
                            handler.handle(index, position, chunk)
                        }
                    }
                }
            }
        }
    }

    /**
     * Reads one chunk, which may be cut short by the end of the file.
     *
     * @return the number of bytes, 0 at the end
     */
    suspend fun readUpTo(file: RingFile, chunk: RingBuffer, position: Long, length: Int): Int {
        val bytes = chunk.byteBuffer()
        bytes.clear().limit(length)
        while (bytes.hasRemaining()) {
            if (file.read(chunk, position + bytes.position()) < 0) {
                break
            }
        }
        bytes.flip()
        return bytes.remaining()
    }

    private suspend fun fill(file: RingFile, chunk: RingBuffer, position: Long, length: Int) {
        val read = readUpTo(file, chunk, position, length)
        if (read < length) {
            throw ShrankException(position + read)
        }
    }
}
