package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.event.PipeSink
import dev.ringflow.event.PipeSource
import dev.ringflow.event.RingPipe
import dev.ringflow.file.RingFile
import dev.ringflow.net.RingSocket
import java.nio.ByteBuffer

/**
 * Opens a pipe; see pipe(7). The caller closes it.
 *
 * ### Cancellation
 *
 * A pipe that came all the same is closed: a cancelled caller gets the `CancellationException` and never a pipe.
 *
 * @param capacity how many bytes it should hold, 0 for the system's usual, 65,536 on Linux; a wish
 * @throws java.io.IOException if the system reports an error
 * @throws IllegalArgumentException if [capacity] is below zero
 * @throws dev.ringflow.RingClosedException if the ring is closed
 */
public suspend fun Ring.pipe(capacity: Int = 0): RingPipe =
    awaitResource(RingPipe::closeAsync) { RingPipe.open(this, capacity, it) }

/**
 * Reads at least 1, and up to as many bytes as remain in [buffer], and moves its position behind them; waits while the
 * pipe is empty. The buffer belongs to the kernel until the call returns.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were read
 * all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and no byte is lost.
 *
 * @param buffer where to
 * @return the number of bytes, -1 at the end, 0 if nothing remains in the buffer
 * @throws java.io.IOException if the system reports an error
 */
public suspend fun PipeSource.read(buffer: ByteBuffer): Int = await { read(buffer, it) }

/**
 * Reads until nothing remains in [buffer], in as many operations as that takes. The buffer belongs to the kernel
 * until the call returns.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer, whose position
 * tells what was read.
 *
 * @param buffer where to
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.EOFException if the end comes before; the buffer's position tells what was read
 * @throws java.io.IOException if the system reports an error
 */
public suspend fun PipeSource.readFully(buffer: ByteBuffer): Int = await { readFully(buffer, it) }

/**
 * Moves bytes from the pipe to a file without copying them through this process; see splice(2).
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop. If bytes were moved all the same, the call returns their number, and the next
 * suspension point throws.
 *
 * @param file a file of the same ring, open for writing
 * @param position where to, in bytes from its beginning
 * @param count at most how many bytes, at least 1
 * @return the number of bytes, -1 at the end of the pipe
 * @throws UnsupportedOperationException if the driver does not splice, as that of NIO
 */
public suspend fun PipeSource.spliceTo(file: RingFile, position: Long, count: Int): Int =
    await { spliceTo(file, position, count, it) }

/**
 * Sends bytes from the pipe over a connection without copying them through this process; see splice(2).
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop. If bytes were moved all the same, the call returns their number, and the next
 * suspension point throws.
 *
 * @param socket a connection of the same ring
 * @param count at most how many bytes, at least 1
 * @return the number of bytes, -1 at the end of the pipe
 * @throws UnsupportedOperationException if the driver does not splice, as that of NIO
 */
public suspend fun PipeSource.spliceTo(socket: RingSocket, count: Int): Int = await { spliceTo(socket, count, it) }

/**
 * Writes at least 1, and up to as many bytes as remain in [buffer], and moves its position behind them; waits while the
 * pipe is full. The buffer belongs to the kernel until the call returns.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were
 * written all the same, the call returns their number, and the next suspension point throws.
 *
 * @param buffer where from
 * @return the number of bytes
 * @throws java.io.IOException if nobody reads the pipe any more, or the system reports another error
 */
public suspend fun PipeSink.write(buffer: ByteBuffer): Int = await { write(buffer, it) }

/**
 * Writes until nothing remains in [buffer], in as many operations as that takes. The buffer belongs to the kernel until
 * the call returns.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer, whose position
 * tells what was written.
 *
 * @param buffer where from
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.IOException if nobody reads the pipe any more, or the system reports another error
 */
public suspend fun PipeSink.writeFully(buffer: ByteBuffer): Int = await { writeFully(buffer, it) }

/**
 * Moves bytes from a file into the pipe without copying them through this process; see splice(2).
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop. If bytes were moved all the same, the call returns their number, and the next
 * suspension point throws.
 *
 * @param file a file of the same ring, open for reading
 * @param position where from, in bytes from its beginning
 * @param count at most how many bytes, at least 1
 * @return the number of bytes, -1 at the end of the file
 * @throws UnsupportedOperationException if the driver does not splice, as that of NIO
 */
public suspend fun PipeSink.spliceFrom(file: RingFile, position: Long, count: Int): Int =
    await { spliceFrom(file, position, count, it) }

/**
 * Receives from a connection into the pipe without copying the bytes through this process; see splice(2).
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop. If bytes were moved all the same, the call returns their number, and the next
 * suspension point throws.
 *
 * @param socket a connection of the same ring
 * @param count at most how many bytes, at least 1
 * @return the number of bytes, -1 when the peer has shut its side down
 * @throws UnsupportedOperationException if the driver does not splice, as that of NIO
 */
public suspend fun PipeSink.spliceFrom(socket: RingSocket, count: Int): Int = await { spliceFrom(socket, count, it) }

/**
 * Closes both ends and suspends until they are closed. Calls that wait on them fail with `AsynchronousCloseException`.
 * Closing again has no effect.
 *
 * ### Cancellation
 *
 * Not cancellable: it closes and waits also in a cancelled coroutine, as a `finally` block wants it.
 */
public suspend fun RingPipe.closeAndJoin() {
    closeAsync().awaitClosed()
}
