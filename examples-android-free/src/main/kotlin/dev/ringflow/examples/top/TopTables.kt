package dev.ringflow.examples.top

import java.util.Locale

/** Lays out what `ringflow top` shows: lines of text, that are cut rather than wrapped where a terminal is narrow. */
internal object TopTables {
    private val TITLES = listOf(
        "RING", "DRIVER", "OPS/S", "CALLS/OP", "ENTERS/S", "WAKES/S", "FALLB/S", "FLIGHT", "OPEN", "BUFFERS",
        "OVERFL", "STALLS"
    )
    private const val TEXT_COLUMNS = 2
    private const val GAP = "  "
    private const val LONGEST_PROGRAM = 100

    fun rings(rings: List<RingRates>): String = lines(
        listOf(TITLES) + rings.map {
            listOf(
                it.name,
                it.driver,
                rate(it.operations),
                it.callsPerOperation?.let { calls -> String.format(Locale.ROOT, "%.2f", calls) } ?: "-",
                rate(it.enters),
                rate(it.wakeups),
                rate(it.fallbacks),
                "${it.inFlight}",
                "${it.openHandles}",
                "${it.buffersOut}",
                "${it.overflows}",
                "${it.stalls}"
            )
        }
    )

    fun processes(processes: List<RingProcess>): String = lines(
        listOf(listOf("PID", "PROGRAM WITH RINGS")) + processes.map { listOf(it.pid, it.program.take(LONGEST_PROGRAM)) }
    )

    private fun rate(value: Double) = String.format(Locale.ROOT, "%.0f", value)

    private fun lines(rows: List<List<String>>): String {
        val widths = rows.first().indices.map { column -> rows.maxOf { it[column].length } }
        return rows.joinToString("\n") { row ->
            row.withIndex().joinToString(GAP) { (column, text) ->
                if (column < TEXT_COLUMNS) text.padEnd(widths[column]) else text.padStart(widths[column])
            }.trimEnd()
        }
    }
}
