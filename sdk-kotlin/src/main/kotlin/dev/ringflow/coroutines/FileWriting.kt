package dev.ringflow.coroutines

import dev.ringflow.buffer.RingBuffer
import dev.ringflow.file.RingFile
import java.nio.ByteBuffer

/**
 * Writes up to as many bytes as remain in [buffer], and moves its position behind them. On a file system with space
 * left that is all of them.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be touched
 * by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were
 * written all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: the buffer's position tells which.
 *
 * @param buffer where from
 * @param position where to, in bytes from the beginning of the file; a file opened with `APPEND` ignores it
 * @return the number of bytes
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
public suspend fun RingFile.write(buffer: ByteBuffer, position: Long): Int = await { write(buffer, position, it) }

/**
 * Writes from a pooled buffer; with registered memory where the ring has it. Otherwise as the form for [ByteBuffer].
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were
 * written all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: the buffer's position tells which.
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @param position where to, in bytes from the beginning of the file; a file opened with `APPEND` ignores it
 * @return the number of bytes
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingFile.write(buffer: RingBuffer, position: Long): Int = await { write(buffer, position, it) }

/**
 * Writes until nothing remains in [buffer], in as many operations as that takes.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be touched
 * by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything was
 * written by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and the buffer's position tells what was written.
 *
 * @param buffer where from
 * @param position where to, in bytes from the beginning of the file; a file opened with `APPEND` ignores it
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
public suspend fun RingFile.writeFully(buffer: ByteBuffer, position: Long): Int =
    await { writeFully(buffer, position, it) }

/**
 * Writes until nothing remains in a pooled buffer; with registered memory where the ring has it.
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything was
 * written by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and the buffer's position tells what was written.
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @param position where to, in bytes from the beginning of the file; a file opened with `APPEND` ignores it
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingFile.writeFully(buffer: RingBuffer, position: Long): Int =
    await { writeFully(buffer, position, it) }

/**
 * Writes at the file's own position, which moves behind what was written. A file opened with `APPEND` writes at its
 * end.
 *
 * There is one position for the file, so one such call at a time: several in flight together write in no order, and
 * may write the same part. The form with a position knows no such rule, and does not move the file's own.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be
 * touched by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were
 * written all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: the buffer's position tells which.
 *
 * @param buffer where from
 * @return the number of bytes
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
public suspend fun RingFile.write(buffer: ByteBuffer): Int = await { write(buffer, it) }

/**
 * Writes from a pooled buffer at the file's own position; with registered memory where the ring has it. Otherwise as
 * the form for [ByteBuffer].
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were
 * written all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: the buffer's position tells which.
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @return the number of bytes
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingFile.write(buffer: RingBuffer): Int = await { write(buffer, it) }

/**
 * Writes at the file's own position until nothing remains in [buffer], in as many operations as that takes. A file
 * opened with `APPEND` writes at its end.
 *
 * There is one position for the file, so one such call at a time: several in flight together write in no order, and
 * may write the same part.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be
 * touched by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything
 * was written by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and the buffer's position tells what was written.
 *
 * @param buffer where from
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
public suspend fun RingFile.writeFully(buffer: ByteBuffer): Int = await { writeFully(buffer, it) }

/**
 * Writes at the file's own position until nothing remains in a pooled buffer; with registered memory where the ring
 * has it.
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything
 * was written by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and the buffer's position tells what was written.
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingFile.writeFully(buffer: RingBuffer): Int = await { writeFully(buffer, it) }

/**
 * Writes several buffers, one after the other, in one operation; see writev(2). The driver nio writes one buffer
 * after the other.
 *
 * The buffers belong to the kernel until the call returns, each as if it were alone; the array may be changed at
 * once. Direct buffers are used as they are; of heap buffers at most 128 KiB at once, by a copy. See
 * [RingFile.writeAsync] for more than 1024 buffers and for the same one twice.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffers. If bytes were
 * written all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: the buffers' positions tells which.
 *
 * @param buffers where from
 * @param position where to, in bytes from the beginning of the file; a file opened with `APPEND` ignores it
 * @return the number of bytes
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
public suspend fun RingFile.write(buffers: Array<ByteBuffer>, position: Long): Long =
    await { write(buffers, position, it) }

/**
 * Writes until nothing remains in any of the buffers, in as many operations as that takes.
 *
 * The buffers belong to the kernel until the call returns, each as if it were alone; the array may be changed at
 * once. Direct buffers are used as they are; of heap buffers at most 128 KiB at once, by a copy. See
 * [RingFile.writeAsync] for more than 1024 buffers and for the same one twice.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffers. If everything
 * was written by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and the buffers' positions tells what was written.
 *
 * @param buffers where from
 * @param position where to, in bytes from the beginning of the file; a file opened with `APPEND` ignores it
 * @return the number of bytes: all that remained in the buffers
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
public suspend fun RingFile.writeFully(buffers: Array<ByteBuffer>, position: Long): Long =
    await { writeFully(buffers, position, it) }

/**
 * Writes all that remains in [buffer] at the end of the file, wherever that is by then; see pwritev2(2),
 * `RWF_APPEND`. The file need not be opened with `APPEND`, and its own position stays where it is.
 *
 * Several in flight together do not overwrite each other, though their order is the kernel's; one that the system
 * cuts into parts may have others between its parts. The driver nio promises that only for calls on the same open
 * file.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be
 * touched by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything
 * was written by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and the buffer's position tells what was written.
 *
 * @param buffer where from
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
public suspend fun RingFile.append(buffer: ByteBuffer): Int = await { append(buffer, it) }

/**
 * Writes all that remains in a pooled buffer from registered memory where the ring has it, at the end of the file,
 * wherever that is by then; see pwritev2(2), `RWF_APPEND`. The file need not be opened with `APPEND`, and its own
 * position stays where it is.
 *
 * Several in flight together do not overwrite each other, though their order is the kernel's; one that the system
 * cuts into parts may have others between its parts. The driver nio promises that only for calls on the same open
 * file.
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything
 * was written by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and the buffer's position tells what was written.
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingFile.append(buffer: RingBuffer): Int = await { append(buffer, it) }
