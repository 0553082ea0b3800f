package dev.ringflow.examples.guide

import dev.ringflow.coroutines.readFully
import dev.ringflow.file.RingFile
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withContext
import java.nio.ByteBuffer
import java.util.zip.CRC32

// snippet-begin: threads
suspend fun sumOfTwo(file: RingFile, size: Int): Long = coroutineScope {
    val buffers = List(2) { ByteBuffer.allocateDirect(size) }
    buffers.mapIndexed { at, buffer -> async { file.readFully(buffer, at.toLong() * size) } }.awaitAll()
    withContext(Dispatchers.Default) { buffers.sumOf { sum(it) } } // not on the loop thread
}

private fun sum(buffer: ByteBuffer) = CRC32().also { it.update(buffer.flip()) }.value
// snippet-end: threads
