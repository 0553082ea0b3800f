package dev.ringflow.coroutines

import dev.ringflow.RingCallback
import dev.ringflow.file.RingFile
import dev.ringflow.file.RingFileLock
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine
import java.io.IOException
import kotlin.coroutines.resumeWithException

/**
 * Locks a part of the file against other programs, and suspends until it can be had; all of the file, and what it grows
 * to, unless a part is named. The caller closes the lock: `file.lock().use { … }`. See [RingFile.lockAsync] for what
 * such a lock keeps out and what it does not, and for when the system gives it up unasked.
 *
 * ### Cancellation
 *
 * The call returns at once with the `CancellationException`. The thread that waits for the lock goes on to wait, and
 * gives it up as soon as it has it: a cancelled caller never holds a lock.
 *
 * @param position where the part begins, in bytes from the beginning of the file
 * @param size how long it is, in bytes; it may reach behind the end of the file
 * @param shared whether others may have a shared lock on the same part
 * @throws java.nio.channels.OverlappingFileLockException if this JVM holds or awaits a lock that overlaps
 * @throws java.nio.channels.NonReadableChannelException if a shared lock is wanted, and the file was not opened for
 *     reading
 * @throws java.nio.channels.NonWritableChannelException if an exclusive lock is wanted, and the file was not opened for
 *     writing
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative or [size] less than 1
 */
public suspend fun RingFile.lock(
    position: Long = 0,
    size: Long = Long.MAX_VALUE - position,
    shared: Boolean = false
): RingFileLock = awaitLock { lock(position, size, shared, it) }

/**
 * Locks a part of the file if no other program holds an overlapping lock; otherwise as [lock].
 *
 * ### Cancellation
 *
 * The call returns at once with the `CancellationException`. A lock that is got all the same is given up.
 *
 * @param position where the part begins, in bytes from the beginning of the file
 * @param size how long it is, in bytes; it may reach behind the end of the file
 * @param shared whether others may have a shared lock on the same part
 * @return the lock, for the caller to close, or null if another program is in the way
 * @throws java.nio.channels.OverlappingFileLockException if this JVM holds or awaits a lock that overlaps
 * @throws java.nio.channels.NonReadableChannelException if a shared lock is wanted, and the file was not opened for
 *     reading
 * @throws java.nio.channels.NonWritableChannelException if an exclusive lock is wanted, and the file was not opened for
 *     writing
 * @throws java.io.IOException if the system reports an error; see [RingFile] for the exceptions of closed files and
 *     rings
 * @throws IllegalArgumentException if [position] is negative or [size] less than 1
 */
public suspend fun RingFile.tryLock(
    position: Long = 0,
    size: Long = Long.MAX_VALUE - position,
    shared: Boolean = false
): RingFileLock? = awaitLock { tryLock(position, size, shared, it) }

/** No memory is the kernel's meanwhile, so that whoever is cancelled need not stay. */
private suspend inline fun <T : RingFileLock?> awaitLock(crossinline start: (RingCallback<T>) -> Unit): T =
    suspendCancellableCoroutine { caller -> start(WaitingForLock(caller)) }

private class WaitingForLock<T : RingFileLock?>(private val caller: CancellableContinuation<T>) : RingCallback<T> {
    override fun completed(value: T): Boolean {
        caller.resume(value) { _, unwanted, _ -> giveUp(unwanted) }
        return true
    }

    override fun failed(cause: Throwable) {
        caller.resumeWithException(cause.alsoShowing(caller))
    }

    private fun giveUp(unwanted: RingFileLock?) {
        try {
            unwanted?.close()
        } catch (_: IOException) {
            // then the system has given it up
        }
    }
}
