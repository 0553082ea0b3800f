package dev.ringflow.coroutines

import dev.ringflow.file.RingFile
import kotlinx.io.Buffer
import kotlinx.io.DelicateIoApi
import kotlinx.io.RawSink
import kotlinx.io.RawSource
import kotlinx.io.Sink
import kotlinx.io.writeToInternalBuffer

/**
 * The file as a [RawSource] of kotlinx-io that reads from [position] on and counts along. Buffer it with
 * `kotlinx.io.buffered`.
 *
 * **Blocking**: every read waits for the ring. On the loop thread it throws [IllegalStateException]; use
 * [asSuspendingSource] there. An interrupt cancels the read, which then throws [java.io.InterruptedIOException]; the
 * interrupt is kept and the file stays open.
 *
 * **Copies**: one. The kernel reads into direct memory that the ring lends, up to 64 KiB at a time, and from there the
 * bytes are copied into the segments of the caller's buffer, which are arrays on the heap that no kernel may write to.
 * How much a read asks for is up to the caller: a `buffered` source asks for 8 KiB at a time.
 *
 * Closing the source closes the file; on the loop thread it only begins to. For one thread at a time, while the file
 * itself and other sources may be in use. Needs the library `kotlinx-io-core`.
 *
 * @param position where to begin, in bytes from the beginning of the file
 * @throws IllegalArgumentException if [position] is negative
 */
public fun RingFile.asRawSource(position: Long = 0): RawSource = FileRawSource(this, requirePosition(position))

/**
 * The file as a [RawSink] of kotlinx-io that writes from [position] on and counts along. Buffer it with
 * `kotlinx.io.buffered`.
 *
 * **Blocking**: every write waits for the ring. On the loop thread it throws [IllegalStateException]; use
 * [asSuspendingSink] there. An interrupt cancels the write, which then throws [java.io.InterruptedIOException]; the
 * interrupt is kept and the file stays open.
 *
 * **Copies**: one. The bytes are copied from the segments of the caller's buffer, which are arrays on the heap that may
 * move, into direct memory that the ring lends, up to 64 KiB at a time, and the kernel writes from there. What was not
 * written when a call fails is still in the buffer.
 *
 * `flush` has nothing to do, since nothing is held back; call `sync` of the file to make its content durable. Closing
 * the sink closes the file; on the loop thread it only begins to. For one thread at a time. Needs the library
 * `kotlinx-io-core`.
 *
 * @param position where to begin, in bytes from the beginning of the file; a file opened with `APPEND` ignores it
 * @param append whether to begin at the end that the file has at the first write, instead of at [position]
 * @throws IllegalArgumentException if [position] is negative
 */
public fun RingFile.asRawSink(position: Long = 0, append: Boolean = false): RawSink =
    FileRawSink(this, if (append) AT_THE_END else requirePosition(position))

/**
 * The file as a [SuspendingSource] that reads from [position] on and counts along. Any dispatcher, the ring's own
 * included.
 *
 * **Copies**: one, from direct memory that the ring lends into the segments of the caller's buffer, as with
 * [asRawSource].
 *
 * Closing the source closes the file. Needs the library `kotlinx-io-core`.
 *
 * @param position where to begin, in bytes from the beginning of the file
 * @throws IllegalArgumentException if [position] is negative
 */
public fun RingFile.asSuspendingSource(position: Long = 0): SuspendingSource =
    FileSuspendingSource(this, requirePosition(position))

/**
 * The file as a [SuspendingSink] that writes from [position] on and counts along. Any dispatcher, the ring's own
 * included.
 *
 * **Copies**: one, from the segments of the caller's buffer into direct memory that the ring lends, as with [asRawSink].
 *
 * Closing the sink closes the file. Needs the library `kotlinx-io-core`.
 *
 * @param position where to begin, in bytes from the beginning of the file; a file opened with `APPEND` ignores it
 * @param append whether to begin at the end that the file has at the first write, instead of at [position]
 * @throws IllegalArgumentException if [position] is negative
 */
public fun RingFile.asSuspendingSink(position: Long = 0, append: Boolean = false): SuspendingSink =
    FileSuspendingSink(this, if (append) AT_THE_END else requirePosition(position))

/**
 * Reads [byteCount] bytes, or fewer if the file ends before, and appends them to [sink].
 *
 * The kernel never sees the memory of [sink]: the bytes come through direct memory that the ring lends, up to 64 KiB at
 * a time, and are copied once, by the caller's coroutine. A [Buffer] takes them all; another `Sink` is told of each part
 * and may block when it hands it on.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call throws the `CancellationException` when the kernel has answered. The
 * parts that came before are in [sink], whole and in order; it is not touched after the call.
 *
 * @param sink where to, such as a [Buffer]
 * @param position where from, in bytes from the beginning of the file
 * @param byteCount how many at most
 * @return the number of bytes; -1 if [position] is at or after the end; 0 if [byteCount] is 0
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] or [byteCount] is negative
 * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
 */
@OptIn(DelicateIoApi::class)
public suspend fun RingFile.readInto(sink: Sink, position: Long, byteCount: Long): Long {
    requirePosition(position)
    requireByteCount(byteCount)
    var done = 0L
    while (done < byteCount) {
        val part = ring().withSegmentMemory { memory ->
            memory.limit(chunk(byteCount - done))
            read(memory, position + done).also { bytes ->
                if (bytes > 0) sink.writeToInternalBuffer { it.appendFrom(memory.flip()) }
            }
        }
        if (part < 0) return if (done == 0L) -1 else done
        done += part
    }
    return done
}

/**
 * Takes [byteCount] bytes from [source] and writes them all.
 *
 * The kernel never sees the memory of [source]: the bytes are copied once, by the caller's coroutine, into direct memory
 * that the ring lends, up to 64 KiB at a time. [source] is a [Buffer], since what any other `Source` does to get its
 * bytes may block.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If everything was written by
 * then it returns normally; otherwise it throws the `CancellationException`. What was written is gone from [source], the
 * rest is still there.
 *
 * @param source where from
 * @param position where to, in bytes from the beginning of the file; a file opened with `APPEND` ignores it
 * @param byteCount how many
 * @return the number of bytes: [byteCount]
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings; what was not written is still in [source]
 * @throws IllegalArgumentException if [position] or [byteCount] is negative, or [byteCount] is more than [source] holds
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
public suspend fun RingFile.writeFrom(source: Buffer, position: Long, byteCount: Long = source.size): Long {
    requirePosition(position)
    requireByteCount(byteCount, source)
    var done = 0L
    while (done < byteCount) {
        done += writeChunk(source, byteCount - done) { writeFully(it, position + done) }
    }
    return done
}

/** Writes one chunk, and consumes what the kernel took, also when it fails half way. */
private inline fun RingFile.writeChunk(source: Buffer, left: Long, write: (java.nio.ByteBuffer) -> Unit): Int =
    ring().withSegmentMemory { memory ->
        memory.limit(chunk(left))
        source.copyHeadInto(memory)
        memory.flip()
        try {
            write(memory)
        } finally {
            source.skip(memory.position().toLong())
        }
        memory.position()
    }

private fun chunk(left: Long): Int = minOf(left, SegmentMemory.CHUNK.toLong()).toInt()

private fun requirePosition(position: Long): Long {
    require(position >= 0) { "position must not be negative, got $position" }
    return position
}

private fun requireByteCount(byteCount: Long, source: Buffer? = null) {
    require(byteCount >= 0) { "byteCount must not be negative, got $byteCount" }
    require(source == null || byteCount <= source.size) { "The source holds ${source?.size} bytes, not $byteCount" }
}

private const val AT_THE_END = -1L

private class FileRawSource(private val file: RingFile, private var position: Long) : RawSource {
    private var closed = false

    override fun readAtMostTo(sink: Buffer, byteCount: Long): Long {
        check(!closed) { "The source is closed" }
        requireByteCount(byteCount)
        if (byteCount == 0L) return 0
        return file.ring().withSegmentMemory { memory ->
            memory.limit(chunk(byteCount))
            val bytes = file.blocking<Int>("readAtMostTo") { read(memory, position, it) }
            if (bytes > 0) {
                sink.appendFrom(memory.flip())
                position += bytes
            }
            bytes.toLong()
        }
    }

    override fun close() {
        if (closed) return
        closed = true
        file.closeBlocking()
    }

    override fun toString() = "RawSource($file)"
}

private class FileRawSink(private val file: RingFile, private var position: Long) : RawSink {
    private var closed = false

    override fun write(source: Buffer, byteCount: Long) {
        check(!closed) { "The sink is closed" }
        requireByteCount(byteCount, source)
        var left = byteCount
        if (position == AT_THE_END && left > 0) position = file.blocking("write") { size(it) }
        while (left > 0) {
            val before = source.size
            try {
                file.writeChunk(source, left) { memory ->
                    file.blocking<Int>("write") { writeFully(memory, position, it) }
                }
            } finally {
                position += before - source.size
                left -= before - source.size
            }
        }
    }

    override fun flush() {
        check(!closed) { "The sink is closed" }
    }

    override fun close() {
        if (closed) return
        closed = true
        file.closeBlocking()
    }

    override fun toString() = "RawSink($file)"
}

private class FileSuspendingSource(private val file: RingFile, private var position: Long) : SuspendingSource {
    private var closed = false

    override suspend fun readAtMostTo(sink: Buffer, byteCount: Long): Long {
        check(!closed) { "The source is closed" }
        requireByteCount(byteCount)
        if (byteCount == 0L) return 0
        return file.ring().withSegmentMemory { memory ->
            memory.limit(chunk(byteCount))
            val bytes = file.read(memory, position)
            if (bytes > 0) {
                sink.appendFrom(memory.flip())
                position += bytes
            }
            bytes.toLong()
        }
    }

    override suspend fun close() {
        closed = true
        file.closeAndJoin()
    }

    override fun toString() = "SuspendingSource($file)"
}

private class FileSuspendingSink(private val file: RingFile, private var position: Long) : SuspendingSink {
    private var closed = false

    override suspend fun write(source: Buffer, byteCount: Long) {
        check(!closed) { "The sink is closed" }
        requireByteCount(byteCount, source)
        if (position == AT_THE_END && byteCount > 0) position = file.size()
        val before = source.size
        try {
            file.writeFrom(source, maxOf(0, position), byteCount)
        } finally {
            position += before - source.size
        }
    }

    override suspend fun flush() {
        check(!closed) { "The sink is closed" }
    }

    override suspend fun close() {
        closed = true
        file.closeAndJoin()
    }

    override fun toString() = "SuspendingSink($file)"
}
