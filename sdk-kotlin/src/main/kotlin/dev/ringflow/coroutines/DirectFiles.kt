package dev.ringflow.coroutines

import dev.ringflow.file.DirectFile
import dev.ringflow.file.RingFile
import java.nio.ByteBuffer
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/**
 * Takes any buffer, position and length on a file that was opened for direct I/O; see [DirectFile]. The size and the
 * alignment of the file are looked up first.
 *
 * ### Cancellation
 *
 * Not cancellable: two short questions to the kernel are waited for.
 *
 * @return an object whose closing closes this file
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 */
public suspend fun RingFile.asDirectFile(): DirectFile = DirectFile.of(this).awaitUncancelled()

/**
 * Reads until nothing remains in [buffer], or up to the end of the file, and moves its position behind the bytes.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be touched
 * by anybody.
 *
 * ### Cancellation
 *
 * Not cancellable: the call returns when all is read, because the kernel uses the buffer until then. The next suspension
 * point throws. Only closing the file or the ring stops it earlier.
 *
 * @param buffer where to, any kind of buffer
 * @param position where from, in bytes from the beginning of the file
 * @return the number of bytes, -1 if [position] is at or after the end, 0 if nothing remains in the buffer
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings. The buffer's position stays
 * @throws IllegalArgumentException if [position] is negative
 * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
 * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
 */
public suspend fun DirectFile.read(buffer: ByteBuffer, position: Long): Int =
    readAsync(buffer, position).awaitUncancelled()

/**
 * Writes all that remains in [buffer], and moves its position behind it. See [DirectFile] for how parts of blocks are
 * written.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be touched
 * by anybody.
 *
 * ### Cancellation
 *
 * Not cancellable: the call returns when all is written, because the kernel uses the buffer until then. The next
 * suspension point throws. Only closing the file or the ring stops it earlier.
 *
 * @param buffer where from, any kind of buffer
 * @param position where to, in bytes from the beginning of the file
 * @return the number of bytes
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings. The buffer's position tells what was written
 * @throws IllegalArgumentException if [position] is negative
 * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
public suspend fun DirectFile.write(buffer: ByteBuffer, position: Long): Int =
    writeAsync(buffer, position).awaitUncancelled()

/**
 * Sets the size of the file, after all writes that were asked for before.
 *
 * ### Cancellation
 *
 * Not cancellable: the call returns when the size is set, and the next suspension point throws.
 *
 * @param size bytes
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [size] is negative
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
public suspend fun DirectFile.truncate(size: Long) {
    truncateAsync(size).awaitUncancelled()
}

/**
 * Closes the file and suspends until it is closed, as [RingFile.closeAndJoin] does.
 *
 * ### Cancellation
 *
 * Not cancellable: it closes and waits also in a cancelled coroutine, as a `finally` block wants it.
 *
 * @throws java.io.IOException if the system reports an error at closing; the file is closed all the same
 */
public suspend fun DirectFile.closeAndJoin() {
    closeAsync().awaitUncancelled()
}

/**
 * A view of this open file whose operations may take only so long; see [RingFile.withTimeout]. What takes longer fails
 * with [dev.ringflow.OperationTimeoutException], which is an `IOException` and cancels no coroutine, when the kernel has
 * let go of the buffer. To give a whole block so much time, use `kotlinx.coroutines.withTimeout` around it.
 *
 * @param timeout how long each operation may take
 * @return a view: closing either closes both
 * @throws IllegalArgumentException if [timeout] is not positive
 */
public fun RingFile.withTimeout(timeout: Duration): RingFile = withTimeout(timeout.toJavaDuration())
