package dev.ringflow.coroutines

import dev.ringflow.file.RingFile
import okio.FileHandle
import java.nio.ByteBuffer

/**
 * The file as a [FileHandle] of okio: random access, and `source`, `sink` and `appendingSink` at positions.
 *
 * **Blocking**: every call waits for the ring. On the loop thread it throws [IllegalStateException]; use the suspending
 * functions there. An interrupt cancels the operation, which then throws [java.io.InterruptedIOException]; the interrupt
 * is kept and the file stays open. Several threads may use the handle, and one for each of its sources and sinks.
 *
 * **Copies**: one. okio's segments are arrays on the heap, up to 8 KiB each, which no kernel may touch: the ring lends
 * direct memory and copies between the two. One operation moves at most one segment, or 128 KiB of an array.
 *
 * `resize` cuts, or extends with a hole that reads as zeros. `flush`, of the handle and of its sinks, makes content and
 * metadata durable as `sync` does. The file is closed when the handle and all its sources and sinks are, as okio has it;
 * on the loop thread that only begins. Needs the library `okio`.
 *
 * @param readWrite false for a handle that refuses to write, resize and flush with [IllegalStateException]. A file that
 *     was not opened for writing needs false for that; with true it throws
 *     [java.nio.channels.NonWritableChannelException]
 */
public fun RingFile.asFileHandle(readWrite: Boolean = true): FileHandle = RingFileHandle(this, readWrite)

private class RingFileHandle(private val file: RingFile, readWrite: Boolean) : FileHandle(readWrite) {
    override fun protectedRead(fileOffset: Long, array: ByteArray, arrayOffset: Int, byteCount: Int): Int =
        file.blocking("read") { read(ByteBuffer.wrap(array, arrayOffset, byteCount), fileOffset, it) }

    override fun protectedWrite(fileOffset: Long, array: ByteArray, arrayOffset: Int, byteCount: Int) {
        file.blocking<Int>("write") { writeFully(ByteBuffer.wrap(array, arrayOffset, byteCount), fileOffset, it) }
    }

    override fun protectedResize(size: Long) {
        file.blocking<Void?>("resize") { truncate(size, it) }
    }

    override fun protectedSize(): Long = file.blocking("size") { size(it) }

    override fun protectedFlush() {
        file.blocking<Void?>("flush") { sync(true, it) }
    }

    override fun protectedClose() = file.closeBlocking()

    override fun toString() = "FileHandle($file)"
}
