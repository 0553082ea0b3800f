package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.RingCallback
import dev.ringflow.event.TickStream
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.time.Duration

/**
 * A clock: emits after [initialDelay], then after one [period] more, and so on, counted from the moment of collecting
 * and without drift.
 *
 * Each emission says how many ticks have passed since then: 1, 2, 3, … A collector that takes longer than a period
 * misses ticks; they are not queued, and show as a gap in the numbers. While the collector is busy for long, the
 * clock is stopped and wakes nobody. The ticks are those of one timeout of the kernel that goes on, where it has that
 * (Linux 6.4) and the period is four milliseconds or longer, and of single timeouts or the ring's timers otherwise.
 * The flow may be collected on any dispatcher, any number of times.
 *
 * It has no end of its own. It fails with [dev.ringflow.RingClosedException] when the ring is closed.
 *
 * ### Cancellation
 *
 * Cancelling the collector cancels the timeout in the kernel.
 *
 * @param period at least a nanosecond, and finite
 * @param initialDelay how long until the first tick, not negative, and finite
 * @throws IllegalArgumentException for any other period or delay
 */
public fun Ring.ticks(period: Duration, initialDelay: Duration = period): Flow<Long> {
    require(period.isPositive() && period.isFinite()) { "period must be positive and finite, got $period" }
    require(!initialDelay.isNegative() && initialDelay.isFinite()) {
        "initialDelay must be finite and not negative, got $initialDelay"
    }
    return flow {
        TickStream(this@ticks, period.inWholeNanoseconds, initialDelay.inWholeNanoseconds).use { clock ->
            while (true) emit(awaitNext(clock::next, clock::giveUp))
        }
    }
}

/** Waits for the next element of a stream that waiting for can be given up. */
internal suspend fun <T : Any> awaitNext(next: (RingCallback<T>) -> Unit, giveUp: (RingCallback<T>) -> Unit): T =
    suspendCoroutineUninterceptedOrReturn { caller ->
        val call = NextElement(caller, giveUp)
        call.throwIfCancelled()
        next(call)
        call.suspendOrTake()
    }

private class NextElement<T : Any>(caller: Continuation<*>, private val giveUp: (RingCallback<T>) -> Unit) :
    SuspendedCall<T>(caller) {
    override fun requestCancel() {
        giveUp(this)
    }
}
