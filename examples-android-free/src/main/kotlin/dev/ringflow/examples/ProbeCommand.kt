package dev.ringflow.examples

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.ProgramResult
import com.github.ajalt.clikt.core.terminal
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import java.util.logging.Level
import java.util.logging.Logger

private val quiet = Logger.getLogger("dev.ringflow")

/** `ringflow probe`. */
internal class ProbeCommand : RingCommand("probe") {
    private val json by option("--json", help = "Print JSON, for programs.").flag()

    override fun help(context: Context) =
        "Show which drivers work here, what the kernel can do, what limits it, and what to do about what is missing."

    override fun execute() {
        quiet.level = Level.OFF // the report tells it all
        val report = ProbeReport.make(driver)
        if (json) {
            echo(ProbeJson.of(report))
        } else {
            terminal.println(ProbeTables.of(report))
        }
        if (report.ring == null) {
            throw ProgramResult(FAILED) // the driver that was asked for, or all of them
        }
    }
}
