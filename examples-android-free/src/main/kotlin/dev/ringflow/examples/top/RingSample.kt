package dev.ringflow.examples.top

/** The numbers of one ring at one moment; [numbers] by the names of `RingMetrics`. */
internal class RingSample(val name: String, val driver: String, val nanos: Long, val numbers: Map<String, Long>) {
    operator fun get(number: String): Long = numbers.getValue(number)
}

/** What a ring did between two samples. */
internal class RingRates(private val before: RingSample, private val now: RingSample) {
    private val seconds = (now.nanos - before.nanos) / NANOS_PER_SECOND

    val name get() = now.name
    val driver get() = now.driver

    /** Completions a second. */
    val operations get() = perSecond("completed")

    /** System calls for each completion; null if there was none. */
    val callsPerOperation: Double?
        get() = delta("completed").takeIf { it > 0 }?.let { delta("systemCalls").toDouble() / it }

    val enters get() = perSecond("enters")
    val wakeups get() = perSecond("wakeups")
    val fallbacks get() = perSecond("fallbacks")
    val inFlight get() = now["inFlight"]
    val openHandles get() = now["openHandles"]
    val buffersOut get() = now["buffersOut"]
    val overflows get() = now["overflows"]
    val stalls get() = now["stalls"]

    /** For programs: the rates, and all that was counted since the ring was opened. */
    fun asMap(): Map<String, Any?> = linkedMapOf(
        "ring" to name,
        "driver" to driver,
        "seconds" to seconds,
        "operationsPerSecond" to operations,
        "callsPerOperation" to callsPerOperation,
        "entersPerSecond" to enters,
        "wakeupsPerSecond" to wakeups,
        "fallbacksPerSecond" to fallbacks,
        "totals" to now.numbers
    )

    private fun delta(number: String) = now[number] - before[number]

    private fun perSecond(number: String) = if (seconds > 0) delta(number) / seconds else 0.0

    companion object {
        private const val NANOS_PER_SECOND = 1e9

        /** Of each ring that is in both. */
        fun between(before: List<RingSample>, now: List<RingSample>): List<RingRates> {
            val earlier = before.associateBy { it.name }
            return now.mapNotNull { sample -> earlier[sample.name]?.let { RingRates(it, sample) } }
        }
    }
}
