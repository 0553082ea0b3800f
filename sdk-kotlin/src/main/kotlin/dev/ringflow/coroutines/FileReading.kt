package dev.ringflow.coroutines

import dev.ringflow.buffer.RingBuffer
import dev.ringflow.file.RingFile
import java.nio.ByteBuffer

/**
 * Reads at least 1, and up to as many bytes as remain in [buffer], and moves its position behind them.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be touched
 * by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were read
 * all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: the buffer's position tells which.
 *
 * @param buffer where to
 * @param position where from, in bytes from the beginning of the file
 * @return the number of bytes, -1 if [position] is at or after the end, 0 if nothing remains in the buffer
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative
 * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
 * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
 */
public suspend fun RingFile.read(buffer: ByteBuffer, position: Long): Int = await { read(buffer, position, it) }

/**
 * Reads into a pooled buffer; with registered memory where the ring has it. Otherwise as the form for [ByteBuffer].
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were read
 * all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: the buffer's position tells which.
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @param position where from, in bytes from the beginning of the file
 * @return the number of bytes, -1 at the end, 0 if nothing remains in the buffer
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative
 * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingFile.read(buffer: RingBuffer, position: Long): Int = await { read(buffer, position, it) }

/**
 * Reads until nothing remains in [buffer], in as many operations as that takes.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be touched
 * by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything was
 * read by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and the buffer's position tells what was read.
 *
 * @param buffer where to
 * @param position where from, in bytes from the beginning of the file
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.EOFException if the file ends before; the buffer's position tells what was read
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative
 * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
 * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
 */
public suspend fun RingFile.readFully(buffer: ByteBuffer, position: Long): Int =
    await { readFully(buffer, position, it) }

/**
 * Reads until nothing remains in a pooled buffer; with registered memory where the ring has it.
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything was
 * read by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and the buffer's position tells what was read.
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @param position where from, in bytes from the beginning of the file
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.EOFException if the file ends before; the buffer's position tells what was read
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative
 * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingFile.readFully(buffer: RingBuffer, position: Long): Int =
    await { readFully(buffer, position, it) }

/**
 * Reads at the file's own position, which moves behind what was read. It is the way to read what has no positions,
 * such as pipes and terminals; there it waits until at least 1 byte is there.
 *
 * There is one position for the file, so one such call at a time: several in flight together read in no order, and
 * may read the same part. The form with a position knows no such rule, and does not move the file's own.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be
 * touched by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were
 * read all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: the buffer's position tells which.
 *
 * @param buffer where to
 * @return the number of bytes, -1 at the end, 0 if nothing remains in the buffer
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
 * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
 */
public suspend fun RingFile.read(buffer: ByteBuffer): Int = await { read(buffer, it) }

/**
 * Reads at the file's own position into a pooled buffer; with registered memory where the ring has it. Otherwise as
 * the form for [ByteBuffer].
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were
 * read all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: the buffer's position tells which.
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @return the number of bytes, -1 at the end, 0 if nothing remains in the buffer
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingFile.read(buffer: RingBuffer): Int = await { read(buffer, it) }

/**
 * Reads at the file's own position until nothing remains in [buffer], in as many operations as that takes.
 *
 * There is one position for the file, so one such call at a time: several in flight together read in no order, and
 * may read the same part.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be
 * touched by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything
 * was read by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and the buffer's position tells what was read.
 *
 * @param buffer where to
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.EOFException if the file ends before; the buffer's position tells what was read
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
 * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
 */
public suspend fun RingFile.readFully(buffer: ByteBuffer): Int = await { readFully(buffer, it) }

/**
 * Reads at the file's own position until nothing remains in a pooled buffer; with registered memory where the ring
 * has it.
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything
 * was read by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and the buffer's position tells what was read.
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.EOFException if the file ends before; the buffer's position tells what was read
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingFile.readFully(buffer: RingBuffer): Int = await { readFully(buffer, it) }

/**
 * Reads into several buffers, one after the other, in one operation; see readv(2). The driver nio reads one buffer
 * after the other.
 *
 * The buffers belong to the kernel until the call returns, each as if it were alone; the array may be changed at
 * once. Direct buffers are used as they are; of heap buffers at most 128 KiB at once, by a copy. See
 * [RingFile.readAsync] for more than 1024 buffers and for the same one twice.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffers. If bytes were
 * read all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: the buffers' positions tells which.
 *
 * @param buffers where to
 * @param position where from, in bytes from the beginning of the file
 * @return the number of bytes, -1 if [position] is at or after the end, 0 if nothing remains in any buffer
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative
 * @throws java.nio.ReadOnlyBufferException if one of the buffers is read-only
 * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
 */
public suspend fun RingFile.read(buffers: Array<ByteBuffer>, position: Long): Long =
    await { read(buffers, position, it) }

/**
 * Reads until nothing remains in any of the buffers, in as many operations as that takes.
 *
 * The buffers belong to the kernel until the call returns, each as if it were alone; the array may be changed at
 * once. Direct buffers are used as they are; of heap buffers at most 128 KiB at once, by a copy. See
 * [RingFile.readAsync] for more than 1024 buffers and for the same one twice.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffers. If everything
 * was read by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and the buffers' positions tells what was read.
 *
 * @param buffers where to
 * @param position where from, in bytes from the beginning of the file
 * @return the number of bytes: all that remained in the buffers
 * @throws java.io.EOFException if the file ends before; the buffers' positions tell what was read
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative
 * @throws java.nio.ReadOnlyBufferException if one of the buffers is read-only
 * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
 */
public suspend fun RingFile.readFully(buffers: Array<ByteBuffer>, position: Long): Long =
    await { readFully(buffers, position, it) }
