package dev.ringflow.coroutines

import dev.ringflow.file.DirectIoAlignment
import dev.ringflow.file.FileAdvice
import dev.ringflow.file.RingFile
import dev.ringflow.net.RingSocket

/**
 * Reserves space on the disk, so that writing there cannot fail for want of it; see fallocate(2). What the part holds
 * already stays.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param position where the part begins, in bytes from the beginning of the file
 * @param bytes how long it is
 * @param keepSize whether the size of the file stays, also if the part reaches beyond its end; otherwise it is
 *     extended with zeros
 * @throws java.io.IOException if the disk is full, the file system cannot do it, or the system reports another error;
 *     see [RingFile] for the exceptions of closed files and rings
 * @throws UnsupportedOperationException by a driver that cannot, such as nio; ask [dev.ringflow.Capabilities.support]
 * @throws IllegalArgumentException if [position] is negative, or [bytes] is less than 1
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
public suspend fun RingFile.allocate(position: Long, bytes: Long, keepSize: Boolean = false): Unit =
    awaitDone { allocate(position, bytes, keepSize, it) }

/**
 * Gives the space of a part back to the file system: it reads as zeros, and the size of the file stays. Blocks that
 * are covered only partly are filled with zeros where they are covered. See fallocate(2), `FALLOC_FL_PUNCH_HOLE`.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param position where the part begins, in bytes from the beginning of the file
 * @param bytes how long it is
 * @throws java.io.IOException if the file system cannot do it, or the system reports another error; see [RingFile]
 *     for the exceptions of closed files and rings
 * @throws UnsupportedOperationException by a driver that cannot, such as nio; ask [dev.ringflow.Capabilities.support]
 * @throws IllegalArgumentException if [position] is negative, or [bytes] is less than 1
 * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
 */
public suspend fun RingFile.punchHole(position: Long, bytes: Long): Unit = awaitDone { punchHole(position, bytes, it) }

/**
 * Tells the system how a part of the file will be used; see posix_fadvise(2). Content and size stay.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param position where the part begins, in bytes from the beginning of the file
 * @param bytes how long it is; from 4 GiB on, up to the end of the file
 * @param advice how it will be used
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws UnsupportedOperationException by a driver that cannot, such as nio; ask [dev.ringflow.Capabilities.support]
 * @throws IllegalArgumentException if [position] is negative, or [bytes] is less than 1
 */
public suspend fun RingFile.advise(position: Long, bytes: Long, advice: FileAdvice): Unit =
    awaitDone { advise(position, bytes, advice, it) }

/**
 * What direct I/O on this file has to be a multiple of; see statx(2), `STATX_DIOALIGN`. The file need not be opened
 * for direct I/O. Where kernel or file system does not tell (before Linux 6.1, and for file systems that do not know)
 * it is 4096 bytes for both; the driver nio gives the block size of the file system.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the answer came all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 */
public suspend fun RingFile.directIoAlignment(): DirectIoAlignment = await { directIoAlignment(it) }

/**
 * Where the next data are: holes before it read as zeros and take no space. A file system that does not know its
 * holes says that all is data. See lseek(2), `SEEK_DATA`.
 *
 * By a helper thread, since no ring has it: the call borrows the file's own position and puts it back, so no call
 * that uses that position may be under way.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the answer came all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param position where to look from, in bytes from the beginning of the file
 * @return [position] itself if it holds data, -1 if nothing but a hole follows
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws UnsupportedOperationException by a driver that cannot, such as nio; ask [dev.ringflow.Capabilities.support]
 * @throws IllegalArgumentException if [position] is negative
 */
public suspend fun RingFile.nextData(position: Long): Long = await { nextData(position, it) }

/**
 * Where the next hole is, the end of the file counting as one. See lseek(2), `SEEK_HOLE`.
 *
 * By a helper thread, since no ring has it: the call borrows the file's own position and puts it back, so no call
 * that uses that position may be under way.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the answer came all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param position where to look from, in bytes from the beginning of the file
 * @return [position] itself if it is in a hole, -1 if it is at or after the end
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws UnsupportedOperationException by a driver that cannot, such as nio; ask [dev.ringflow.Capabilities.support]
 * @throws IllegalArgumentException if [position] is negative
 */
public suspend fun RingFile.nextHole(position: Long): Long = await { nextHole(position, it) }

/**
 * Copies a part of this file into another on the same ring, without the bytes passing through the memory of this
 * process where the kernel can do that; see splice(2). Otherwise, and into a file opened with `APPEND`, through a
 * buffer. It is done in parts, of 1 MiB at most. Parts of one file that overlap give no certain content.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop after the part that is under way, and the call returns when it has. If all was
 * there by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. What has arrived stays, and the target tells how much that is.
 *
 * @param position where the part begins, in bytes from the beginning of this file
 * @param bytes how long it is
 * @param target where to; it is extended as needed
 * @param targetPosition where in the target; one opened with `APPEND` ignores it
 * @return the number of bytes, less than [bytes] if this file ends before
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if a position is negative or beyond what a file can be long, or the target is on
 *     another ring
 * @throws java.nio.channels.NonReadableChannelException if this file was not opened for reading
 * @throws java.nio.channels.NonWritableChannelException if the target was not opened for writing
 */
public suspend fun RingFile.copyTo(position: Long, bytes: Long, target: RingFile, targetPosition: Long): Long =
    await { copyTo(position, bytes, target, targetPosition, it) }

/**
 * Sends a part of this file over a connection on the same ring, without the bytes passing through the memory of this
 * process where the kernel can do that; see splice(2). Nothing else should be sent on the connection meanwhile.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop after the part that is under way, and the call returns when it has. If all was
 * there by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. After that, and after a failure, nobody can tell how much was sent, so the connection is
 * best given up.
 *
 * @param position where the part begins, in bytes from the beginning of this file
 * @param bytes how long it is
 * @param target the connection
 * @return the number of bytes, less than [bytes] if this file ends before
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if the position is negative, or the connection is on another ring
 * @throws java.nio.channels.NonReadableChannelException if this file was not opened for reading
 */
public suspend fun RingFile.copyTo(position: Long, bytes: Long, target: RingSocket): Long =
    await { copyTo(position, bytes, target, it) }
