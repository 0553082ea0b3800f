package dev.ringflow.examples.top

import com.github.ajalt.clikt.core.CliktCommand
import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.ProgramResult
import com.github.ajalt.clikt.core.terminal
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.arguments.convert
import com.github.ajalt.clikt.parameters.arguments.optional
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.double
import com.github.ajalt.clikt.parameters.types.restrictTo
import com.github.ajalt.mordant.animation.animation
import com.github.ajalt.mordant.rendering.OverflowWrap
import com.github.ajalt.mordant.rendering.Whitespace
import com.github.ajalt.mordant.widgets.Text
import dev.ringflow.examples.FAILED
import dev.ringflow.examples.Json
import java.io.IOException

/** `ringflow top`. */
internal class TopCommand : CliktCommand("top") {
    private val pid by argument(
        "PID",
        help = "The process to look into, another JVM of the same user; without it, those that have rings are listed."
    ).convert { text ->
        text.toLongOrNull()?.takeIf { it > 0 }?.toString() ?: fail("\"$text\" is no number of a process")
    }.optional()

    private val interval by option("--interval", metavar = "SECONDS", help = "Time between two looks; 1 if not given.")
        .double().restrictTo(MIN_SECONDS, MAX_SECONDS).default(1.0)

    private val once by option("--once", help = "Look for one interval, print it, and end.").flag()
    private val json by option("--json", help = "Print JSON, for programs.").flag()

    override fun help(context: Context) =
        "Show what the rings of a running program do: operations a second, system calls for each, buffers, stalls."

    override fun run() {
        try {
            pid?.let(::watch) ?: list()
        } catch (e: AttachRefusedException) {
            failed(e.message)
        } catch (e: NoClassDefFoundError) {
            failed("this Java has no jdk.attach or java.management.rmi: run it with a whole JDK (${e.message})")
        }
    }

    private fun failed(why: String?): Nothing {
        echo("ringflow top: $why", err = true)
        throw ProgramResult(FAILED)
    }

    private fun list() {
        val (shown, silent) = RemoteRings.processes()
        when {
            json -> echo(Json.write(shown.map { linkedMapOf("pid" to it.pid.toLong(), "program" to it.program) }))
            shown.isEmpty() -> echo("No process of this user has opened a ring that JMX shows.")
            else -> echo(TopTables.processes(shown))
        }
        if (silent.isNotEmpty() && !json) {
            echo("Not asked, since they refuse to be attached to: ${silent.joinToString { it.pid }}", err = true)
        }
    }

    private fun watch(pid: String) {
        RemoteRings.connect(pid).use { rings ->
            val first = awaitRings(rings)
            if (first.isEmpty()) {
                failed("process $pid has no open ring that JMX shows. Rings opened with jmx(false) are not shown.")
            }
            if (once) {
                show(between(first, rings).first)
            } else {
                live(pid, rings, first)
            }
        }
    }

    /** The process finds out by itself that it has an MBean server now, which takes it up to half a second. */
    private fun awaitRings(rings: RemoteRings): List<RingSample> {
        val deadline = System.nanoTime() + PATIENCE_NANOS
        var found = rings.sample()
        while (found.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(LOOK_MILLIS)
            found = rings.sample()
        }
        return found
    }

    private fun between(before: List<RingSample>, rings: RemoteRings): Pair<List<RingRates>, List<RingSample>> {
        Thread.sleep((interval * MILLIS_PER_SECOND).toLong())
        val now = rings.sample()
        return RingRates.between(before, now) to now
    }

    private fun live(pid: String, rings: RemoteRings, first: List<RingSample>) {
        val drawing = if (terminal.terminalInfo.outputInteractive && !json) {
            terminal.animation<List<RingRates>> {
                Text(TopTables.rings(it), whitespace = Whitespace.PRE, overflowWrap = OverflowWrap.TRUNCATE)
            }
        } else {
            null
        }
        var before = first
        try {
            while (true) {
                val (rates, now) = between(before, rings)
                drawing?.update(rates) ?: show(rates)
                before = now
            }
        } catch (_: IOException) {
            drawing?.stop()
            echo("process $pid has ended", err = true)
        }
    }

    private fun show(rates: List<RingRates>) {
        if (json) {
            echo(Json.write(rates.map { it.asMap() }))
        } else {
            echo(TopTables.rings(rates))
        }
    }

    private companion object {
        const val MIN_SECONDS = 0.05
        const val MAX_SECONDS = 3600.0
        const val MILLIS_PER_SECOND = 1000
        const val LOOK_MILLIS = 50L
        const val PATIENCE_NANOS = 5_000_000_000L
    }
}
