package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.file.FileStat
import dev.ringflow.file.RingFile
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
 * Makes an ordinary file descriptor of a direct one. Both share position and flags, as after dup(2), and each is closed
 * by itself. Linux 6.8 or later.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. A file that came all the same
 * is closed: a cancelled caller gets the `CancellationException` and never a file.
 *
 * @return the second file, which the caller closes
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws UnsupportedOperationException on earlier kernels; ask [dev.ringflow.Capabilities.support]
 * @throws IllegalStateException if this is an ordinary descriptor already
 */
public suspend fun RingFile.install(): RingFile = awaitResource(RingFile::closeAsync) { install(it) }

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
 * Writes a part of the file to its device and waits for that, without metadata, and without emptying the device's own
 * cache: so it spreads the work of a later [sync] or [syncData], and does not stand for it. See sync_file_range(2).
 * The driver nio does what [syncData] does.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param position where the part begins, in bytes from the beginning of the file
 * @param bytes how long it is; from 4 GiB on, up to the end of the file
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative, or [bytes] is less than 1
 */
public suspend fun RingFile.syncRange(position: Long, bytes: Long): Unit = awaitDone { syncRange(position, bytes, it) }

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
