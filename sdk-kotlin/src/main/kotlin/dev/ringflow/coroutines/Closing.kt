package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.file.RingFile
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlin.coroutines.suspendCoroutine

/**
 * Closes the ring and suspends until it is closed: everything in flight is cancelled, the kernel has let go of all
 * memory, and every file and socket of the ring is closed. Closing again has no effect.
 *
 * Coroutines that wait for operations of the ring fail with `RingClosedException`; those that wait in `delay` on its
 * [dispatcher] are cancelled. A caller that runs on [dispatcher] itself goes on as the very last thing on the loop
 * thread, and is cancelled at its next dispatch.
 *
 * ### Cancellation
 *
 * Not cancellable: it closes and waits also in a cancelled coroutine, as a `finally` block wants it. How long that may
 * last is `RingOptions.closeTimeout()`.
 */
public suspend fun Ring.closeAndJoin() {
    closeAsync().awaitClosed()
}

/**
 * Closes the file and suspends until it is closed: what is in flight on it is cancelled, and the kernel has let go of
 * it. Closing again has no effect. Calls that wait on the file fail with `AsynchronousCloseException`.
 *
 * On the loop thread `close()` only begins this; elsewhere it blocks the thread until it is done. This function does
 * neither.
 *
 * ### Cancellation
 *
 * Not cancellable: it closes and waits also in a cancelled coroutine, as a `finally` block wants it.
 *
 * @throws java.io.IOException if the system reports an error at closing; the file is closed all the same
 */
public suspend fun RingFile.closeAndJoin() {
    closeAsync().awaitClosed()
}

/**
 * Closes the connection and suspends until it is closed: what is in flight on it is cancelled, and the kernel has let
 * go of it. Closing again has no effect. Calls that wait on the socket fail with `AsynchronousCloseException`.
 *
 * On the loop thread `close()` only begins this; elsewhere it blocks the thread until it is done. This function does
 * neither.
 *
 * ### Cancellation
 *
 * Not cancellable: it closes and waits also in a cancelled coroutine, as a `finally` block wants it.
 *
 * @throws java.io.IOException if the system reports an error at closing; the socket is closed all the same
 */
public suspend fun RingSocket.closeAndJoin() {
    closeAsync().awaitClosed()
}

/**
 * Closes the listening socket and suspends until it is closed. Accepted connections stay open; [connections] completes,
 * and [accept] fails with `AsynchronousCloseException`. Closing again has no effect.
 *
 * On the loop thread `close()` only begins this; elsewhere it blocks the thread until it is done. This function does
 * neither.
 *
 * ### Cancellation
 *
 * Not cancellable: it closes and waits also in a cancelled coroutine, as a `finally` block wants it.
 *
 * @throws java.io.IOException if the system reports an error at closing; the socket is closed all the same
 */
public suspend fun RingServerSocket.closeAndJoin() {
    closeAsync().awaitClosed()
}

/** Waits for a future, cancelled or not. */
internal suspend fun CompletableFuture<*>.awaitClosed() {
    awaitUncancelled()
}

/** Waits for the value of a future, cancelled or not. */
internal suspend fun <T> CompletableFuture<T>.awaitUncancelled(): T = suspendCoroutine { caller ->
    whenComplete { value, failure ->
        when (failure) {
            null -> caller.resume(value)
            is CompletionException -> caller.resumeWithException(failure.cause ?: failure)
            else -> caller.resumeWithException(failure)
        }
    }
}
