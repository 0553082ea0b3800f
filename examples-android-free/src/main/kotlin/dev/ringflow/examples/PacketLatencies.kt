package dev.ringflow.examples

import kotlin.math.ceil

/** A histogram of times, exact to 1 part in 32. Of one thread at a time. */
internal class PacketLatencies {
    private val counts = LongArray(Long.SIZE_BITS * STEPS)

    /** How many times there are. */
    var total = 0L
        private set

    /** The longest, in nanoseconds. */
    var longest = 0L
        private set

    /** Adds one of [nanos] nanoseconds. */
    fun add(nanos: Long) {
        val time = maxOf(0, nanos)
        counts[index(time)]++
        total++
        longest = maxOf(longest, time)
    }

    /** Adds all of another one. */
    fun add(other: PacketLatencies) {
        for (i in counts.indices) {
            counts[i] += other.counts[i]
        }
        total += other.total
        longest = maxOf(longest, other.longest)
    }

    /** The time in nanoseconds that a [share] of all stays within; 0 of none. */
    fun quantile(share: Double): Long {
        var left = ceil(share * total).toLong()
        for (i in counts.indices) {
            left -= counts[i]
            if (left <= 0 && counts[i] > 0) {
                return minOf(longest, ((i % STEPS + HALF) * (1L shl i / STEPS)).toLong())
            }
        }
        return 0
    }

    private fun index(nanos: Long): Int {
        val exponent = maxOf(0, Long.SIZE_BITS - nanos.countLeadingZeroBits() - SHIFT)
        return exponent * STEPS + (nanos ushr exponent).toInt()
    }

    private companion object {
        const val STEPS = 32
        const val SHIFT = 5
        const val HALF = 0.5
    }
}
