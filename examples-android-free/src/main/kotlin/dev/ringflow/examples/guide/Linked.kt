package dev.ringflow.examples.guide

import dev.ringflow.Ring
import dev.ringflow.coroutines.link
import dev.ringflow.coroutines.read
import dev.ringflow.file.ChainException
import dev.ringflow.file.RingFile
import kotlinx.coroutines.withTimeout
import java.nio.ByteBuffer
import kotlin.time.Duration

// snippet-begin: chain
/** Writes and makes durable, or says which of the two failed. */
suspend fun commit(ring: Ring, log: RingFile, record: ByteBuffer, position: Long): String = try {
    val done = ring.link {
        write(log, record, position)
        syncData(log)
    }
    "${done.bytes(0)} bytes are on the disk"
} catch (e: ChainException) {
    "member ${e.failedIndex()} failed: ${e.message}"
}
// snippet-end: chain

// snippet-begin: limit
suspend fun readWithin(file: RingFile, buffer: ByteBuffer, limit: Duration): Int =
    withTimeout(limit) { file.read(buffer, position = 0) }
// snippet-end: limit
