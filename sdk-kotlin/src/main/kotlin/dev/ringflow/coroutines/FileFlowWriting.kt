package dev.ringflow.coroutines

import dev.ringflow.buffer.BufferPool
import dev.ringflow.buffer.RingBuffer
import dev.ringflow.file.RingFile
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.flow.Flow
import java.nio.ByteBuffer

internal const val WRITES: Int = 4
private const val PIECE = 128 * 1024

/**
 * Writes all that a flow emits, one buffer behind the other, with several writes in flight. The flow is held up when
 * there are [inFlight].
 *
 * Each buffer's remaining bytes are copied as soon as it is emitted, into pooled memory that is registered where the
 * ring can; so the flow may fill the same buffer again when `emit` returns. The form for [RingBuffer]s does not copy.
 *
 * ### Failure and cancellation
 *
 * If a write fails, the flow is cancelled when it next emits, the other writes in flight are cancelled, and the call
 * throws when the kernel has let go of all. If the flow fails, the call throws its failure when the writes in flight
 * have ended. If the caller is cancelled, both are cancelled, and the call throws when the kernel has let go of all.
 * In each case any part of what was emitted may have been written: later buffers can be in the file where earlier
 * ones are not.
 *
 * @param flow what to write; positions are moved behind what was taken
 * @param position where to begin, in bytes from the beginning of the file; a file opened with `APPEND` ignores it and
 *     has its writes one after the other, since the kernel would not keep their order
 * @param inFlight how many writes to keep in flight, at least 1
 * @return the number of bytes written
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative or [inFlight] less than 1
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
@JvmName("writeFromByteBuffers")
public suspend fun RingFile.writeFrom(flow: Flow<ByteBuffer>, position: Long = 0, inFlight: Int = WRITES): Long {
    requirePositionAndDepth(position, "inFlight", inFlight)
    val depth = if (isAppending) 1 else inFlight
    ring().newPool(PIECE, depth).use { pool ->
        val writer = FlowWriter(this, position, depth)
        return writer.write(flow) { buffer ->
            while (buffer.hasRemaining()) {
                writer.makeRoom()
                writer.begin(copyOf(buffer, pool))
            }
        }
    }
}

/**
 * Writes all that a flow emits, one buffer behind the other, with several writes in flight, and without copying. The
 * flow is held up when there are [inFlight].
 *
 * ```
 * copy.writeFrom(file.chunks())
 * ```
 *
 * Each lease is taken over and closed: its memory goes back to its pool when the kernel has let go. Each buffer's
 * remaining bytes are written.
 *
 * ### Failure and cancellation
 *
 * If a write fails, the flow is cancelled when it next emits, the other writes in flight are cancelled, and the call
 * throws when the kernel has let go of all. If the flow fails, the call throws its failure when the writes in flight
 * have ended. If the caller is cancelled, both are cancelled, and the call throws when the kernel has let go of all.
 * In each case any part of what was emitted may have been written: later buffers can be in the file where earlier
 * ones are not.
 *
 * @param flow what to write
 * @param position where to begin, in bytes from the beginning of the file; a file opened with `APPEND` ignores it and
 *     has its writes one after the other, since the kernel would not keep their order
 * @param inFlight how many writes to keep in flight, at least 1
 * @return the number of bytes written
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative or [inFlight] less than 1
 * @throws IllegalStateException if a lease that is emitted is closed
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
@JvmName("writeFromRingBuffers")
public suspend fun RingFile.writeFrom(flow: Flow<RingBuffer>, position: Long = 0, inFlight: Int = WRITES): Long {
    requirePositionAndDepth(position, "inFlight", inFlight)
    val writer = FlowWriter(this, position, if (isAppending) 1 else inFlight)
    return writer.write(flow) { lease ->
        try {
            writer.makeRoom()
        } catch (e: Throwable) {
            lease.closeIfOpen()
            throw e
        }
        writer.begin(lease)
    }
}

/** A lease with as much of a buffer as fits. There is one: each write that has ended has given its own back. */
private fun copyOf(buffer: ByteBuffer, pool: BufferPool): RingBuffer {
    val lease = pool.acquire()
    val room = lease.byteBuffer()
    val count = minOf(room.remaining(), buffer.remaining())
    room.put(buffer.slice(buffer.position(), count)).flip()
    buffer.position(buffer.position() + count)
    return lease
}

private class FlowWriter(private val file: RingFile, private val begin: Long, private val depth: Int) {
    private val writes = ArrayDeque<FlowWrite>()
    private var position = begin
    private var writeFailed = false

    suspend fun <T> write(flow: Flow<T>, take: suspend (T) -> Unit): Long {
        try {
            flow.collect { take(it) }
            while (writes.isNotEmpty()) awaitOldest()
        } catch (e: Throwable) {
            val flowFailed = !writeFailed && e !is CancellationException
            if (flowFailed) writes.forEach { it.join() }
            StartedTransfer.cancelAndJoin(file.ring(), writes)
            throw e
        }
        return position - begin
    }

    suspend fun makeRoom() {
        while (writes.size >= depth) awaitOldest()
    }

    private suspend fun awaitOldest() {
        val oldest = writes.first()
        try {
            oldest.awaitSettled()
        } catch (e: Throwable) {
            writeFailed = oldest.isSettled
            throw e
        }
        writes.removeFirst()
    }

    fun begin(lease: RingBuffer) {
        val write = FlowWrite()
        lease.use {
            val bytes = it.byteBuffer().remaining()
            file.writeFully(it, position, write)
            position += bytes
        }
        writes.addLast(write)
    }
}

private class FlowWrite : StartedTransfer() {
    override fun completed(value: Int): Boolean {
        settle(null)
        return true
    }
}
