package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.buffer.BufferPool
import dev.ringflow.buffer.RingBuffer
import dev.ringflow.file.RingFile
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import java.util.concurrent.RejectedExecutionException
import kotlin.coroutines.suspendCoroutine

internal const val CHUNK: Int = 256 * 1024
internal const val READ_AHEAD: Int = 4

/**
 * The content of the file in chunks, in order, read ahead: while the collector has one chunk, the next [readAhead] are
 * being read. A collector that takes its time holds up the reading; there are never more than `readAhead + 1` buffers.
 *
 * ```
 * file.chunks().collect { chunk -> digest.update(chunk.byteBuffer()) }
 * ```
 *
 * Each collection reads anew, with buffers of its own, registered where the ring can.
 *
 * ### Whose the buffers are
 *
 * A chunk is the collector's until its lambda returns; then the flow takes it back, and any use of the lease is an
 * [IllegalStateException]. The collector may close it earlier. An operation that was begun on it, such as a write,
 * holds the memory until it completes, also after that: so `copy.writeFrom(file.chunks())` copies without copying in
 * memory. Operators that put a queue between the flow and the collector, such as `buffer`, `flowOn` or `conflate`,
 * return before the collector has seen the chunk: turn it into something else before them, as in
 * `chunks().map { … }.flowOn(…)`.
 *
 * ### The end
 *
 * Each chunk is full but the last, and there is no empty one. The flow ends at the first end of the file that it
 * meets. A file that grows is read up to an end that it had meanwhile; one that shrinks, up to its new end, where
 * chunks that were read before still show what was there.
 *
 * ### Cancellation
 *
 * When the collector is cancelled, fails, or has enough as with `take`, the reads in flight are cancelled, and the
 * collection ends when the kernel has let go of all buffers.
 *
 * @param size bytes of each chunk; for a file opened for direct I/O, a multiple of its alignment
 * @param position where to begin, in bytes from the beginning of the file
 * @param readAhead how many reads to keep in flight, at least 1
 * @return a cold flow; it fails as [RingFile.read] does
 * @throws IllegalArgumentException if [size] or [readAhead] is less than 1, [position] is negative, or all the buffers
 *     together are more than 1 GiB
 */
public fun RingFile.chunks(size: Int = CHUNK, position: Long = 0, readAhead: Int = READ_AHEAD): Flow<RingBuffer> {
    require(size >= 1) { "size must be at least 1, got $size" }
    requirePositionAndDepth(position, "readAhead", readAhead)
    require((readAhead + 1L) * size <= MOST_MEMORY) { "${readAhead + 1} chunks of $size bytes are more than 1 GiB" }
    return flow {
        ring().newPool(size, readAhead + 1).use { ChunkReader(this@chunks, it, position, readAhead).readAll(::emit) }
    }
}

/**
 * As the form with a size, with the buffers of a pool, each of which is one chunk. The flow takes up to
 * `readAhead + 1` of them: as many as are free when it could use one. If it has none at all it waits until one comes
 * back.
 *
 * @param pool where the buffers come from; a pool of the same ring, for registered memory
 * @param position where to begin, in bytes from the beginning of the file
 * @param readAhead how many reads to keep in flight, at least 1
 * @return a cold flow; it fails as [RingFile.read] does, and with [IllegalStateException] if the pool is closed
 * @throws IllegalArgumentException if [readAhead] is less than 1, or [position] is negative
 */
public fun RingFile.chunks(pool: BufferPool, position: Long = 0, readAhead: Int = READ_AHEAD): Flow<RingBuffer> {
    requirePositionAndDepth(position, "readAhead", readAhead)
    return flow { ChunkReader(this@chunks, pool, position, readAhead).readAll(::emit) }
}

internal fun requirePositionAndDepth(position: Long, depthName: String, depth: Int) {
    require(position >= 0) { "position must not be negative, got $position" }
    require(depth >= 1) { "$depthName must be at least 1, got $depth" }
}

private const val MOST_MEMORY = 1L shl 30

/** Makes a pool on the loop thread, where that waits for nobody. Not cancellable: a pool must not get lost. */
internal suspend fun Ring.newPool(bufferSize: Int, count: Int): BufferPool {
    if (isLoopThread) return bufferPool(bufferSize, count)
    return suspendCoroutine { caller ->
        val make = Runnable { caller.resumeWith(runCatching { bufferPool(bufferSize, count) }) }
        try {
            execute(make)
        } catch (_: RejectedExecutionException) {
            make.run() // which fails, and says why
        }
    }
}

/** Closes a lease that somebody may have closed already. */
internal fun RingBuffer.closeIfOpen() {
    try {
        close()
    } catch (_: IllegalStateException) {
        // it was
    }
}

private class ChunkReader(
    private val file: RingFile,
    private val pool: BufferPool,
    private var position: Long,
    private val readAhead: Int
) {
    /** In the order of their positions. */
    private val reads = ArrayDeque<ChunkRead>()

    suspend fun readAll(emit: suspend (RingBuffer) -> Unit) {
        try {
            while (true) {
                readAhead()
                val read = reads.firstOrNull() ?: beginWhenThereIsABuffer()
                read.awaitSettled()
                reads.removeFirst()
                try {
                    if (!read.metTheEnd) readAhead()
                    if (read.deliver()) emit(read.lease)
                } finally {
                    read.lease.closeIfOpen()
                }
                if (read.metTheEnd) return
                currentCoroutineContext().ensureActive()
            }
        } finally {
            StartedTransfer.cancelAndJoin(file.ring(), reads)
            reads.forEach { it.lease.close() }
        }
    }

    private fun readAhead() {
        while (reads.size < readAhead && reads.none { it.isSettled && it.metTheEnd }) {
            begin(pool.tryAcquire() ?: return)
        }
    }

    private suspend fun beginWhenThereIsABuffer(): ChunkRead {
        begin(pool.awaitBuffer())
        return reads.first()
    }

    private fun begin(lease: RingBuffer) {
        val read = ChunkRead(file, lease, position)
        try {
            read.begin()
        } catch (e: Throwable) {
            lease.close()
            throw e
        }
        reads.addLast(read)
        position += pool.bufferSize()
    }
}

/**
 * Fills one buffer. A short read is no end yet, so it reads on, from the page boundary before: that suits direct I/O
 * as well, and if nothing more comes it was the end.
 */
private class ChunkRead(private val file: RingFile, val lease: RingBuffer, private val position: Long) :
    StartedTransfer() {
    private var filled = 0

    /** To be asked when this is settled. */
    var metTheEnd = false
        private set

    fun begin() = file.read(lease, position, this)

    override fun completed(value: Int): Boolean {
        try {
            val bytes = lease.byteBuffer()
            val before = filled
            filled = maxOf(before, bytes.position())
            if (!bytes.hasRemaining()) {
                settle(null)
            } else if (filled == before || isCancelled) {
                metTheEnd = true
                settle(null)
            } else {
                bytes.position(filled and (PAGE - 1).inv())
                file.read(lease, position + bytes.position(), this)
            }
        } catch (e: Throwable) {
            settle(e)
        }
        return true
    }

    /** Makes the buffer ready for the collector; false if there is nothing in it. */
    fun deliver(): Boolean {
        lease.byteBuffer().position(0).limit(filled)
        return filled > 0
    }

    private companion object {
        const val PAGE = 4096
    }
}
