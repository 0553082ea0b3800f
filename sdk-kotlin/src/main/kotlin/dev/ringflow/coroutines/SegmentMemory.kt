package dev.ringflow.coroutines

import dev.ringflow.Ring
import kotlinx.io.Buffer
import kotlinx.io.UnsafeIoApi
import kotlinx.io.unsafe.UnsafeBufferOperations
import kotlinx.io.unsafe.withData
import java.io.IOException
import java.nio.ByteBuffer
import java.util.concurrent.ArrayBlockingQueue

/** Direct memory that the kernel works on, in place of kotlinx-io's segments, which are arrays on the heap. */
internal class SegmentMemory {
    private val kept = ArrayBlockingQueue<ByteBuffer>(KEPT)

    fun take(): ByteBuffer = kept.poll()?.clear() ?: ByteBuffer.allocateDirect(CHUNK)

    fun giveBack(memory: ByteBuffer) {
        kept.offer(memory)
    }

    companion object {
        const val CHUNK = 64 * 1024
        private const val KEPT = 16
    }
}

/**
 * Lends memory for one operation. Whoever gets no answer but the end of his coroutine or of the ring cannot know whether
 * the ring left the memory to the kernel: then nobody gets it again.
 */
internal inline fun <T> Ring.withSegmentMemory(block: (ByteBuffer) -> T): T {
    val lender = companion(SegmentMemory::class.java) { SegmentMemory() }
    val memory = lender.take()
    val result = try {
        block(memory)
    } catch (e: IOException) {
        lender.giveBack(memory)
        throw e
    }
    lender.giveBack(memory)
    return result
}

/** Copies what remains in [memory] into segments: the one copy of reading. */
@OptIn(UnsafeIoApi::class)
internal fun Buffer.appendFrom(memory: ByteBuffer) {
    while (memory.hasRemaining()) {
        UnsafeBufferOperations.writeToTail(this, 1) { segment, start, end ->
            minOf(end - start, memory.remaining()).also { memory.get(segment, start, it) }
        }
    }
}

/** Copies the head of the segments into [memory], as far as it goes, and consumes nothing: the one copy of writing. */
@OptIn(UnsafeIoApi::class)
internal fun Buffer.copyHeadInto(memory: ByteBuffer) {
    UnsafeBufferOperations.forEachSegment(this) { context, segment ->
        context.withData(segment) { bytes, start, end ->
            memory.put(bytes, start, minOf(end - start, memory.remaining()))
        }
    }
}
