package dev.ringflow.examples

import dev.ringflow.Ring
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.sync
import dev.ringflow.coroutines.writeFully
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.nio.file.Path
import java.nio.file.StandardOpenOption.CREATE_NEW
import java.nio.file.StandardOpenOption.WRITE
import kotlin.math.min

/** Writes files of a content that looks random and is always the same. To be used on the loop thread. */
internal class FileFiller(private val ring: Ring, private val advanced: (Long) -> Unit = {}) {
    /** Writes a new file of [size] bytes, and makes it durable. */
    suspend fun fill(path: Path, size: Long) {
        ring.bufferPool(CHUNK, DEPTH).use { pool ->
            ring.openFile(path, CREATE_NEW, WRITE).closing { file ->
                var next = 0L
                coroutineScope {
                    repeat(pool.count()) {
                        launch {
                            pool.acquire().use { chunk ->
                                while (next < size) {
                                    val position = next
                                    val length = min(pool.bufferSize().toLong(), size - position).toInt()
                                    next += length
                                    val bytes = chunk.byteBuffer().clear().limit(length)
                                    withContext(Dispatchers.Default) { SplitMix64(position).fill(bytes) }
                                    file.writeFully(chunk.apply { byteBuffer().flip() }, position)
                                    advanced(length.toLong())
                                }
                            }
                        }
                    }
                }
                file.sync()
            }
        }
    }

    private companion object {
        const val CHUNK = 256 * 1024
        const val DEPTH = 32
    }
}
