package dev.ringflow.coroutines

import dev.ringflow.RingCallback
import dev.ringflow.buffer.ReceivedBuffer
import dev.ringflow.net.IncomingStream
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.intercepted
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/** Takes from a stream, and gives up waiting when the job of the coroutine is cancelled. */
@OptIn(InternalCoroutinesApi::class)
internal suspend inline fun <R> watchingJob(stream: IncomingStream, block: (IncomingTaker) -> R): R {
    val job = currentCoroutineContext()[Job]
    val taker = IncomingTaker(stream, job)
    val watch = job?.invokeOnCompletion(onCancelling = true, invokeImmediately = true, handler = taker)
    try {
        return block(taker)
    } finally {
        watch?.dispose()
    }
}

/**
 * One coroutine's waiting for the bytes of a stream, again and again. As [SuspendedCall], but without an object and a
 * watch of the job for each wait.
 *
 * [state] decides between the coroutine that suspends and the ring that delivers, as it does there. No cancellation is
 * lost: the watch gives up what waits, and what begins to wait after that looks at the job itself.
 */
internal class IncomingTaker(private val stream: IncomingStream, private val job: Job?) :
    RingCallback<ReceivedBuffer?>,
    (Throwable?) -> Unit {
    private var caller: Continuation<ReceivedBuffer?>? = null

    /** Null while it waits, and then the outcome; or [COROUTINE_SUSPENDED], when the ring has to resume. */
    @Volatile
    private var state: Any? = null

    private class Failure(val cause: Throwable)

    /** The next buffer, null at the end. */
    suspend fun next(): ReceivedBuffer? = suspendCoroutineUninterceptedOrReturn { ask(it) }

    private fun ask(caller: Continuation<ReceivedBuffer?>): Any? {
        cancellation()?.let { throw it }
        this.caller = caller
        state = null
        stream.next(this)
        if (state == null) {
            if (job != null && !job.isActive) stream.giveUp(this)
            if (STATE.compareAndSet(this, null, COROUTINE_SUSPENDED)) return COROUTINE_SUSPENDED
        }
        return when (val outcome = state) {
            END -> null
            is Failure -> throw outcome.cause
            else -> outcome
        }
    }

    @OptIn(InternalCoroutinesApi::class)
    private fun cancellation(): CancellationException? =
        if (job == null || job.isActive) null else job.getCancellationException()

    /** The job was cancelled: any thread. */
    override fun invoke(cause: Throwable?) {
        stream.giveUp(this)
    }

    override fun completed(value: ReceivedBuffer?): Boolean {
        val cancellation = cancellation()
        settle(if (cancellation != null) Failure(cancellation) else value ?: END)
        return cancellation == null
    }

    override fun failed(cause: Throwable) {
        settle(Failure(cancellation() ?: cause.alsoShowing(requireNotNull(caller))))
    }

    private fun settle(outcome: Any) {
        if (STATE.compareAndSet(this, null, outcome)) return
        val resumed = requireNotNull(caller).intercepted()
        when (outcome) {
            END -> resumed.resume(null)
            is Failure -> resumed.resumeWithException(outcome.cause)
            else -> resumed.resume(outcome as ReceivedBuffer)
        }
    }

    private companion object {
        val END = Any()
        val STATE: AtomicReferenceFieldUpdater<IncomingTaker, Any?> =
            AtomicReferenceFieldUpdater.newUpdater(IncomingTaker::class.java, Any::class.java, "state")
    }
}
