package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.buffer.RingBuffer
import dev.ringflow.file.FileStat
import dev.ringflow.file.RingFile
import java.nio.ByteBuffer
import java.nio.file.OpenOption
import java.nio.file.Path

/**
 * Opens a file. The caller closes it, best with `use { }` or, to wait for it, [closeAndJoin].
 *
 * The caller is resumed on its own dispatcher, as by every function here.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. A file that came all the same
 * is closed: a cancelled caller gets the `CancellationException` and never a file.
 *
 * @param path its path
 * @param options [java.nio.file.StandardOpenOption]s or [java.nio.file.LinkOption.NOFOLLOW_LINKS]; reading if there are
 *     none
 * @throws java.nio.file.NoSuchFileException if there is none and it is not to be created
 * @throws java.nio.file.FileAlreadyExistsException if it exists and `CREATE_NEW` is asked for
 * @throws java.nio.file.AccessDeniedException if the system forbids it
 * @throws java.io.IOException if the system reports another error
 * @throws UnsupportedOperationException if an option is not supported
 * @throws IllegalArgumentException if options contradict each other
 * @throws dev.ringflow.RingClosedException if the ring is closed
 */
public suspend fun Ring.openFile(path: Path, vararg options: OpenOption): RingFile =
    awaitResource(RingFile::closeAsync) { RingFile.open(this, path, it, *options) }

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
 * Makes content and metadata durable; see fsync(2). It covers the writes that have completed, not those in flight.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 */
public suspend fun RingFile.sync(): Unit = awaitDone { sync(true, it) }

/**
 * Makes content durable, and only as much metadata as reading it needs; see fdatasync(2). It covers the writes that
 * have completed, not those in flight.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 */
public suspend fun RingFile.syncData(): Unit = awaitDone { sync(false, it) }

/**
 * What the system knows of the file.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the answer came all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 */
public suspend fun RingFile.stat(): FileStat = await { stat(it) }

/**
 * The size of the file in bytes.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the answer came all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 */
public suspend fun RingFile.size(): Long = await { size(it) }

/**
 * Sets the size: cuts the file, or extends it with zeros. See ftruncate(2).
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param size the new size in bytes
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [size] is negative
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
public suspend fun RingFile.truncate(size: Long): Unit = awaitDone { truncate(size, it) }
