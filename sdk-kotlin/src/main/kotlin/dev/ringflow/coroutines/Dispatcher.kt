package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.RingClosedException
import dev.ringflow.RingTask
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Delay
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.Runnable
import java.util.concurrent.RejectedExecutionException
import kotlin.coroutines.CoroutineContext

/**
 * Runs coroutines on the loop thread of this ring; always the same dispatcher for the same ring.
 *
 * ```
 * Ring.open().use { ring ->
 *     runBlocking(ring.dispatcher) {
 *         val file = ring.openFile(path, READ)
 *     }
 * }
 * ```
 *
 * Nobody is obliged to use it: the suspend functions work from any dispatcher, and resume there. A coroutine that stays
 * on it never crosses a thread: its operations are prepared in place, and when the kernel has completed one, the
 * coroutine goes on within the loop's own turn, without a queue in between.
 *
 * ### Order
 *
 * From other threads, work is queued and runs in the order in which it came. On the loop thread itself nothing is
 * queued: like `Dispatchers.Main.immediate`, `launch` and resumption run the coroutine at once, or, if they happen
 * within a coroutine that was resumed so, right after it has suspended. So stacks do not grow however many operations
 * follow one another. `yield()` always goes to the end of the queue and lets the loop do its input and output.
 *
 * ### Blocking
 *
 * What blocks the loop thread stops the ring. Long computations and blocking calls belong on another dispatcher. So do
 * coroutines that hand each other values without end and never wait for anything else: they keep the loop from its
 * turn.
 *
 * ### Time
 *
 * `delay`, `withTimeout` and their like use the ring's own timers and no other thread.
 *
 * ### When the ring closes
 *
 * Coroutines that wait in `delay` or `withTimeout` are cancelled with a `CancellationException` that has the
 * [RingClosedException] as its cause. What is dispatched to a closed ring is cancelled in the same way and goes on on
 * `Dispatchers.IO`, so that `finally` blocks run and nothing waits for ever. `NonCancellable` alone does not protect a
 * cleanup that suspends from this; `withContext(NonCancellable + Dispatchers.IO)` does.
 */
public val Ring.dispatcher: CoroutineDispatcher
    get() = companion(RingDispatcher::class.java, ::RingDispatcher)

@OptIn(InternalCoroutinesApi::class)
internal class RingDispatcher(private val ring: Ring) :
    CoroutineDispatcher(),
    Delay {
    override fun isDispatchNeeded(context: CoroutineContext): Boolean = !ring.isLoopThread

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        try {
            ring.execute(block)
        } catch (e: RejectedExecutionException) {
            context[Job]?.cancel(ringClosed(e.cause ?: e))
            Dispatchers.IO.dispatch(context, block)
        }
    }

    override fun scheduleResumeAfterDelay(timeMillis: Long, continuation: CancellableContinuation<Unit>) {
        val resume = DelayedResume(continuation)
        try {
            val timer = ring.scheduleNanos(nanos(timeMillis), resume)
            continuation.invokeOnCancellation { timer.cancel() }
        } catch (e: RingClosedException) {
            resume.abandoned(e)
        }
    }

    override fun invokeOnTimeout(timeMillis: Long, block: Runnable, context: CoroutineContext): DisposableHandle = try {
        val timer = ring.scheduleNanos(nanos(timeMillis), Timeout(block, context))
        DisposableHandle { timer.cancel() }
    } catch (_: RingClosedException) {
        super.invokeOnTimeout(timeMillis, block, context) // a cleanup may still set itself a limit
    }

    private fun nanos(millis: Long): Long =
        if (millis >= Long.MAX_VALUE / NANOS_PER_MILLI) Long.MAX_VALUE else millis * NANOS_PER_MILLI

    override fun toString(): String = "RingDispatcher[$ring]"

    private inner class DelayedResume(private val continuation: CancellableContinuation<Unit>) : RingTask {
        @OptIn(ExperimentalCoroutinesApi::class)
        override fun run() {
            with(continuation) { resumeUndispatched(Unit) }
        }

        override fun abandoned(why: RingClosedException) {
            val cancellation = ringClosed(why)
            continuation.context[Job]?.cancel(cancellation)
            continuation.cancel(cancellation) // a job that cannot be cancelled does not wait for ever either
        }
    }

    private class Timeout(private val block: Runnable, private val context: CoroutineContext) : RingTask {
        override fun run() {
            block.run()
        }

        override fun abandoned(why: RingClosedException) {
            context[Job]?.cancel(ringClosed(why))
        }
    }

    private companion object {
        const val NANOS_PER_MILLI = 1_000_000L

        fun ringClosed(cause: Throwable) = CancellationException("The ring of the dispatcher is closed", cause)
    }
}
