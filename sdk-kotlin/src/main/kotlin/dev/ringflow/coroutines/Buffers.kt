package dev.ringflow.coroutines

import dev.ringflow.buffer.BufferPool
import dev.ringflow.buffer.RingBuffer
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.resumeWithException

/**
 * Takes a buffer of a slab, and suspends while all are out: first come, first served. The pool grows first if it may.
 *
 * The caller closes the lease, best with `use { }` or by [withBuffer]. Any dispatcher; the caller is resumed on its own.
 *
 * ### Cancellation
 *
 * Cancelling leaves the line at once. A buffer that was on its way goes to the next in line, or back to the pool: a
 * cancelled caller gets the `CancellationException` and never a buffer.
 *
 * @return a lease, empty from 0 to the size of the pool's buffers
 * @throws IllegalStateException if the pool is closed, before or meanwhile
 */
public suspend fun BufferPool.awaitBuffer(): RingBuffer {
    currentCoroutineContext().ensureActive()
    return tryAcquire() ?: waitForBuffer(this)
}

private suspend fun waitForBuffer(pool: BufferPool): RingBuffer = suspendCancellableCoroutine { caller ->
    val turn = pool.acquireAsync()
    caller.invokeOnCancellation { turn.cancel(false) }
    turn.whenComplete { lease, failure ->
        when {
            failure == null -> caller.resume(lease) { _, arrived, _ -> arrived.close() }
            !turn.isCancelled -> caller.resumeWithException(failure)
        }
    }
}

/**
 * Runs [block] with a buffer, as [awaitBuffer] gives it, and gives the buffer back afterwards, also after a failure. An
 * operation that is still in flight on it then keeps it until the kernel has let go.
 *
 * ### Cancellation
 *
 * While it waits for a buffer, cancelling is as for [awaitBuffer]; after that it is a matter of [block].
 *
 * @param block what to do with the lease, which it must not close itself
 * @return what [block] returns
 * @throws IllegalStateException if the pool is closed, or [block] has closed the lease
 */
public suspend inline fun <R> BufferPool.withBuffer(block: (RingBuffer) -> R): R = awaitBuffer().use(block)
