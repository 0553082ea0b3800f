package dev.ringflow.examples

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.terminal
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.long
import com.github.ajalt.clikt.parameters.types.path
import com.github.ajalt.clikt.parameters.types.restrictTo
import com.github.ajalt.mordant.rendering.BorderType
import com.github.ajalt.mordant.rendering.TextAlign
import com.github.ajalt.mordant.table.Borders
import com.github.ajalt.mordant.table.table
import dev.ringflow.Ring
import java.nio.file.Files
import java.nio.file.Path
import java.util.Locale

/** `ringflow demo`. */
internal class DemoCommand : RingCommand("demo") {
    private val size by option("--size", help = "The size of the file; 256M if not given.")
        .size(1L..MAX_SIZE)
        .default(DEFAULT_SIZE)
    private val messageCount by option("--messages", metavar = "N", help = "Messages to echo; 100000 if not given.")
        .long()
        .restrictTo(1L..MAX_MESSAGES)
        .default(DEFAULT_MESSAGES)
    private val connections by option("--connections", metavar = "N", help = "Over how many; 64 if not given.")
        .int()
        .restrictTo(1..MAX_CONNECTIONS)
        .default(DEFAULT_CONNECTIONS)
    private val directory by option(
        "--dir",
        metavar = "DIR",
        help = "Where the files are made, and removed again; the directory for temporary files if not given."
    ).path(mustExist = true, canBeFile = false, mustBeWritable = true)
        .default(Path.of(System.getProperty("java.io.tmpdir")), defaultForHelp = "")

    override fun help(context: Context) =
        "Write, copy and verify a file, run an echo server, and show what it cost.\n\nAll runs on one ring and one" +
            " thread; hashing runs beside it."

    override fun execute() {
        requireSpace()
        openRing().use { ring ->
            echo(
                "driver ${ring.driver()}: a file of ${formatSize(size)} in $directory (${fileSystem()}), then" +
                    " ${formatCount(messageCount)} messages of ${EchoClients.MESSAGE_SIZE} bytes over $connections" +
                    " connections"
            )
            val meter = Meter(ring)
            val demo = Demo(ring, terminal, meter)
            val root = runOnRing(ring) { demo.files(directory, size).also { demo.echo(connections, messageCount) } }
            terminal.println(results(ring, meter.measurements))
            echo("verified: SHA-256 tree of file and copy $root")
            echo("verified: ${formatCount(messageCount)} messages came back unchanged")
            echo("Counted on the loop thread, not on helper threads; of the echo, server and clients together.")
        }
    }

    private fun requireSpace() {
        val free = Files.getFileStore(directory).usableSpace
        val needed = 2 * size + SPARE
        if (free < needed) {
            throw UserFailure(
                "$directory: too little space: ${formatSize(free)} free, ${formatSize(needed)} needed. Choose another" +
                    " place with --dir, or a smaller file with --size."
            )
        }
    }

    private fun fileSystem(): String = Files.getFileStore(directory).type()

    private fun results(ring: Ring, rows: List<Measurement>) = table {
        borderType = if (canPrint('─')) BorderType.SQUARE else BorderType.ASCII
        tableBorders = Borders.TOP_BOTTOM
        header {
            cellBorders = Borders.BOTTOM
            row("part", "driver", "operations", "bytes", "syscalls/op", "time", "rate", "heap", "heap/op")
        }
        body {
            cellBorders = Borders.NONE
            rows.forEach { each ->
                row(
                    each.part,
                    ring.driver(),
                    formatCount(each.operations),
                    formatSize(each.bytes),
                    ratio(each.systemCalls, each.operations),
                    formatNanos(each.nanos),
                    rate(each),
                    if (each.heapBytes < 0) "?" else formatSize(each.heapBytes),
                    if (each.heapBytes < 0) "?" else formatSize(each.heapBytes / maxOf(1, each.operations))
                )
            }
        }
        for (numbers in 2..8) {
            column(numbers) { align = TextAlign.RIGHT }
        }
    }

    private fun rate(part: Measurement): String {
        val seconds = part.nanos / 1e9
        return if (part.part == "echo") {
            "${formatCount((messageCount / seconds).toLong())} msg/s"
        } else {
            "${formatSize(part.bytes / seconds)}/s"
        }
    }

    private fun ratio(part: Long, whole: Long): String =
        if (whole == 0L) "-" else String.format(Locale.ROOT, "%.3f", part.toDouble() / whole)

    private companion object {
        const val DEFAULT_SIZE = 256L shl 20
        const val MAX_SIZE = 1L shl 40
        const val DEFAULT_MESSAGES = 100_000L
        const val MAX_MESSAGES = 1_000_000_000L
        const val DEFAULT_CONNECTIONS = 64
        const val MAX_CONNECTIONS = 10_000
        const val SPARE = 16L shl 20
    }
}
