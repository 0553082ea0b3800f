package dev.ringflow.examples

import com.github.ajalt.clikt.core.CliktCommand
import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.ProgramResult
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.arguments.multiple

/** A command that the script `ringflow` answers itself: here it only shows up in the help. */
internal class ScriptCommand(name: String, private val does: String) : CliktCommand(name) {
    private val ignored by argument("ARGUMENT").multiple()

    override val treatUnknownOptionsAsArgs = true

    override fun help(context: Context) = does

    override fun run() {
        echo(
            "ringflow $commandName: the script ./ringflow in the root of the project does this, not this program.",
            err = true
        )
        throw ProgramResult(USAGE)
    }
}
