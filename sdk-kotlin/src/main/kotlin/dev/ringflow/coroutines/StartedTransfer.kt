package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.RingCallback
import dev.ringflow.spi.Operation
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.resume
import kotlin.coroutines.suspendCoroutine

/**
 * A transfer that one coroutine has begun and looks after later, so that it can have several in flight. Whoever begins
 * it waits for it in any case, with [awaitSettled] or [join]: before that its buffer is the kernel's.
 */
internal abstract class StartedTransfer : RingCallback<Int> {
    private var ring: Ring? = null
    private var operation: Operation? = null
    private var activation = 0

    /** Loop thread. */
    protected var isCancelled: Boolean = false
        private set

    /** Null, then the continuation that waits, then [Settled]. */
    private val state = AtomicReference<Any?>()

    private class Settled(val failure: Throwable?)

    final override fun submitted(ring: Ring, operation: Operation, activation: Int) {
        this.ring = ring
        this.operation = operation
        this.activation = activation
    }

    final override fun failed(cause: Throwable) {
        settle(cause)
    }

    /** The kernel has let go for good. */
    protected fun settle(failure: Throwable?) {
        operation = null
        val waiting = state.getAndSet(Settled(failure))
        if (waiting is Continuation<*>) {
            @Suppress("UNCHECKED_CAST") // waitFor() puts it there
            (waiting as Continuation<Unit>).resume(Unit)
        }
    }

    val isSettled: Boolean get() = state.get() is Settled

    /** Waits until it is settled, and throws its failure. Cancelling ends the wait, and nothing else. */
    suspend fun awaitSettled() {
        if (!isSettled) suspendCancellableCoroutine { waitFor(it) }
        val failure = (state.get() as Settled).failure ?: return
        suspendCoroutineUninterceptedOrReturn<Unit> { caller -> throw failure.alsoShowing(caller) }
    }

    /** Waits until it is settled, cancelled or not. */
    suspend fun join() {
        if (!isSettled) suspendCoroutine { waitFor(it) }
    }

    private fun waitFor(waiter: Continuation<Unit>) {
        while (true) {
            val now = state.get()
            if (now is Settled) return waiter.resume(Unit)
            if (state.compareAndSet(now, waiter)) return // one that waited before was cancelled
        }
    }

    private fun requestCancel() {
        isCancelled = true
        operation?.let { ring?.cancel(it, activation) }
    }

    companion object {
        /** Asks the kernel to stop, and waits until it has let go of all of them; cancelled or not. */
        suspend fun cancelAndJoin(ring: Ring, transfers: Collection<StartedTransfer>) {
            if (transfers.all { it.isSettled }) return
            try {
                ring.execute { transfers.forEach { it.requestCancel() } }
            } catch (_: RejectedExecutionException) {
                // the ring is closed: it has told all of them
            }
            transfers.forEach { it.join() }
        }
    }
}
