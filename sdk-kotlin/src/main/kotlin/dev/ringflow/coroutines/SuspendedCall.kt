package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.RingCallback
import dev.ringflow.spi.Operation
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import java.io.IOException
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.intercepted
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/**
 * One operation that a coroutine waits for, between coroutine and kernel.
 *
 * The coroutine goes on when the operation has completed and not before, cancelled or not: until then the kernel may
 * still touch the buffer. Cancelling the job only asks the kernel to hurry. That is why this is not a
 * `CancellableContinuation`, which would let the coroutine go at once.
 *
 * No cancellation is lost: the job is watched after the operation was handed in, and a job that is cancelled already
 * tells its watcher at once. What comes too late finds that the operation has another activation, and is ignored.
 *
 * [state] decides between the two threads that meet here. It is null while the call runs. Whoever comes second, the
 * coroutine that suspends or the ring that completes, finds what the other one left and finishes: the coroutine takes
 * the outcome and never suspends, or the ring resumes it.
 */
internal open class SuspendedCall<T>(private val caller: Continuation<*>) :
    RingCallback<T>,
    (Throwable?) -> Unit {
    private val job = caller.context[Job]
    private var watch: DisposableHandle? = null
    private var ring: Ring? = null
    private var operation: Operation? = null
    private var activation = 0

    @Volatile
    private var state: Any? = null

    /** The cancellation of the caller's job, null while it is active. */
    @OptIn(InternalCoroutinesApi::class)
    private fun cancellation(): CancellationException? =
        if (job == null || job.isActive) null else job.getCancellationException()

    /** A coroutine that is cancelled already asks nothing of the kernel. */
    fun throwIfCancelled() {
        cancellation()?.let { throw it }
    }

    final override fun submitted(ring: Ring, operation: Operation, activation: Int) {
        this.ring = ring
        this.operation = operation
        this.activation = activation
    }

    /** Ends the caller's part: what to return from the suspension, or the failure as exception. */
    @OptIn(InternalCoroutinesApi::class)
    fun suspendOrTake(): Any? {
        if (job != null && state == null) {
            watch = job.invokeOnCompletion(onCancelling = true, invokeImmediately = true, handler = this)
        }
        if (STATE.compareAndSet(this, null, COROUTINE_SUSPENDED)) return COROUTINE_SUSPENDED
        watch?.dispose()
        val outcome = state
        if (outcome is Failure) throw outcome.cause
        return outcome
    }

    /** The job was cancelled: any thread. */
    final override fun invoke(cause: Throwable?) {
        requestCancel()
    }

    protected open fun requestCancel() {
        val submitted = operation ?: return
        ring?.cancel(submitted, activation)
    }

    final override fun completed(value: T): Boolean {
        settle(value ?: Unit)
        return true
    }

    final override fun failed(cause: Throwable) {
        settle(Failure(whatToThrow(cause)))
    }

    /** Ends the ring's part. */
    private fun settle(outcome: Any) {
        if (STATE.compareAndSet(this, null, outcome)) return
        watch?.dispose()
        @Suppress("UNCHECKED_CAST") // await() promises no more than what T says
        val resumed = (caller as Continuation<Any>).intercepted()
        if (outcome is Failure) resumed.resumeWithException(outcome.cause) else resumed.resume(outcome)
    }

    private fun whatToThrow(cause: Throwable): Throwable {
        val cancellation = cancellation()
        if (cancellation != null) {
            if (cause is IOException) cancellation.addSuppressed(cause)
            return cancellation
        }
        // Thrown into a coroutine that nobody cancelled, a CancellationException would end it without a word.
        val told = if (cause is CancellationException) cancelledByOthers(cause) else cause
        return told.alsoShowing(caller)
    }

    private fun cancelledByOthers(cause: CancellationException) =
        IOException("The operation was cancelled, though its coroutine was not: ${cause.message}", cause)

    private class Failure(val cause: Throwable)

    private companion object {
        val STATE: AtomicReferenceFieldUpdater<SuspendedCall<*>, Any?> =
            AtomicReferenceFieldUpdater.newUpdater(SuspendedCall::class.java, Any::class.java, "state")
    }
}

/** Starts an operation and suspends until the kernel has let go of it. */
@Suppress("UNCHECKED_CAST") // a RingCallback<T> is told a T
internal suspend inline fun <T : Any> await(crossinline start: (RingCallback<T>) -> Unit): T =
    suspendCoroutineUninterceptedOrReturn { caller ->
        val call = SuspendedCall<T>(caller)
        call.throwIfCancelled()
        start(call)
        call.suspendOrTake()
    }

/** As [await], for an operation that delivers nothing. */
internal suspend inline fun awaitDone(crossinline start: (RingCallback<Void?>) -> Unit): Unit =
    suspendCoroutineUninterceptedOrReturn { caller ->
        val call = SuspendedCall<Void?>(caller)
        call.throwIfCancelled()
        start(call)
        call.suspendOrTake()
    }

/** As [await], for something that has to be closed. */
internal suspend inline fun <T : Any> awaitResource(
    discard: (T) -> Unit,
    crossinline start: (RingCallback<T>) -> Unit
): T {
    val resource: T = await(start)
    return deliver(resource, discard, currentCoroutineContext()[Job])
}

/**
 * Hands a resource to a coroutine that is active; for a cancelled one, closes it. That is looked at on arrival, because
 * the job may be cancelled while the result is on its way to another dispatcher's thread.
 */
@OptIn(InternalCoroutinesApi::class)
internal inline fun <T> deliver(resource: T, discard: (T) -> Unit, job: Job?): T {
    if (job != null && !job.isActive) {
        discard(resource)
        throw job.getCancellationException()
    }
    return resource
}
