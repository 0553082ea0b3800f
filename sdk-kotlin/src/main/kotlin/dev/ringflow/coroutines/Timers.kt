package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.RingClosedException
import dev.ringflow.RingTask
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlin.time.Duration

/**
 * A clock: emits after one [period], after two, and so on, counted from the moment of collecting and without drift.
 *
 * Each emission says how many periods have passed since then: 1, 2, 3, … A collector that takes longer than a period
 * misses ticks; they are not queued, and show as a gap in the numbers. The ticks come from the ring's timers; the flow
 * may be collected on any dispatcher, any number of times.
 *
 * It has no end of its own. It fails with [RingClosedException] when the ring is closed.
 *
 * ### Cancellation
 *
 * Cancelling the collector cancels the timer.
 *
 * @param period at least a nanosecond, and finite
 * @throws IllegalArgumentException for any other period
 */
public fun Ring.ticks(period: Duration): Flow<Long> {
    require(period.isPositive() && period.isFinite()) { "period must be positive and finite, got $period" }
    val nanos = period.inWholeNanoseconds
    return flow {
        val start = System.nanoTime()
        var passed = 0L
        while (true) {
            awaitTime(start + (passed + 1) * nanos)
            passed = (System.nanoTime() - start) / nanos
            emit(passed)
        }
    }
}

private suspend fun Ring.awaitTime(nanoTime: Long) {
    suspendCancellableCoroutine { continuation ->
        val timer = scheduleNanos(nanoTime - System.nanoTime(), Alarm(continuation))
        continuation.invokeOnCancellation { timer.cancel() }
    }
}

private class Alarm(private val continuation: CancellableContinuation<Unit>) : RingTask {
    override fun run() {
        continuation.resume(Unit)
    }

    override fun abandoned(why: RingClosedException) {
        continuation.resumeWithException(why)
    }
}
