package dev.ringflow.examples

import com.github.ajalt.mordant.rendering.TextStyles.bold
import com.github.ajalt.mordant.rendering.Whitespace
import com.github.ajalt.mordant.rendering.Widget
import com.github.ajalt.mordant.table.Borders
import com.github.ajalt.mordant.table.ColumnWidth
import com.github.ajalt.mordant.table.VerticalLayoutBuilder
import com.github.ajalt.mordant.table.table
import com.github.ajalt.mordant.table.verticalLayout
import com.github.ajalt.mordant.widgets.Padding
import com.github.ajalt.mordant.widgets.Text
import dev.ringflow.Support
import dev.ringflow.spi.OpCode

/** Lays a report out for a terminal. */
internal object ProbeTables {
    private const val INDENT = 2

    fun of(report: ProbeReport): Widget = verticalLayout {
        section("System", pairs(report.system.toList()))
        section("Drivers, the preferred one first", drivers(report))
        report.kernel?.let { section("io_uring of this kernel", kernel(it)) }
        report.windows?.let { section("Windows", windows(it)) }
        if (report.limits.isNotEmpty()) {
            section("Limits", rows(report.limits.map { listOf(it.name, it.value, it.meaning) }))
        }
        report.ring?.let { section("Operations of a ring with driver ${it.driver()}", operations(report)) }
        section("Advice", rows(report.advice.ifEmpty { listOf("Nothing to do.") }.map { listOf(it) }))
    }

    private fun VerticalLayoutBuilder.section(title: String, body: Widget) {
        cell(bold(title))
        cell(body)
        cell("")
    }

    private fun drivers(report: ProbeReport) = rows(
        report.drivers.map { listOf(it.driver(), if (it.isUsable) "usable" else "${it.reason()}", it.explanation()) }
    )

    private fun kernel(kernel: KernelRing) = pairs(
        listOf(
            "set-up flags granted" to words(kernel.setupFlags),
            "set-up flags refused" to words(kernel.refusedFlags),
            "features (${kernel.features.size})" to words(kernel.features),
            "opcodes (${kernel.supported.size})" to words(kernel.supported),
            "opcodes missing (${kernel.missing.size})" to words(kernel.missing)
        )
    )

    private fun windows(windows: WindowsKernel) = pairs(
        buildList {
            add("completion ports" to (windows.completionPorts ?: "yes"))
            add("Registered I/O" to (windows.registeredIo ?: "yes"))
            add("I/O rings" to windows.ioRings.reason())
            if (windows.ioRings.isUsable) {
                add("highest version" to "${windows.maxVersion}")
                val queues = "${windows.maxSubmissionQueue} entries, ${windows.maxCompletionQueue} completions"
                add("largest queues" to queues)
                add("operations (${windows.supported.size})" to words(windows.supported))
                add("operations missing (${windows.missing.size})" to words(windows.missing))
            }
        }
    )

    private fun operations(report: ProbeReport): Widget {
        val ring = checkNotNull(report.ring)
        val byWay = OpCode.values().groupBy(ring::support)
        val ways = Support.values().filter { it in byWay }.map { "$it" to words(byWay.getValue(it).map(OpCode::name)) }
        return pairs(
            ways + listOf(
                "registered buffers" to if (ring.registeredBuffers()) "yes" else "no",
                "cancellation" to if (ring.cancellation()) "yes" else "no: waits until the operation ends"
            ) + ring.details().toList()
                .filter { (name, _) -> name != "kernel" }
                .map { (name, value) -> name to value.replace("|", " ").substringBefore(", features=") }
        )
    }

    private fun words(names: List<String>) = if (names.isEmpty()) "none" else names.joinToString(" ")

    private fun pairs(pairs: List<Pair<String, String>>) = rows(pairs.map { listOf(it.first, it.second) })

    /** Columns without lines between them; only the last one is wrapped. */
    private fun rows(rows: List<List<String>>) = table {
        tableBorders = Borders.NONE
        cellBorders = Borders.NONE
        padding = Padding(top = 0, right = 0, bottom = 0, left = INDENT)
        for (i in 0 until rows.first().lastIndex) {
            column(i) { width = ColumnWidth.Fixed(INDENT + rows.maxOf { it[i].length }) }
        }
        body {
            rows.forEach { cells -> row { cells.forEach { cell(wrapped(it)) } } }
        }
    }

    private fun wrapped(text: String) = Text(text, whitespace = Whitespace.PRE_WRAP)
}
