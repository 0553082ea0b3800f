package dev.ringflow.examples

import com.github.ajalt.clikt.core.CliktCommand
import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.context
import com.github.ajalt.clikt.core.subcommands
import com.github.ajalt.clikt.core.terminal
import com.github.ajalt.mordant.terminal.Terminal
import dev.ringflow.examples.chat.ChatCommand
import dev.ringflow.examples.http.HttpCommand
import dev.ringflow.examples.proxy.ProxyCommand
import dev.ringflow.examples.top.TopCommand

/** The root of the command line. It does nothing by itself. */
internal class Ringflow : CliktCommand("ringflow") {
    override val printHelpOnEmptyArgs = true

    init {
        context { terminal = Terminal(nonInteractiveWidth = WIDTH) }
    }

    override fun help(context: Context) = "Completion-based I/O for the JVM: what works here, and programs that use it."

    override fun helpEpilog(context: Context) =
        "`ringflow COMMAND --help` tells more. Exit codes: 0 done, 1 failed, 2 wrong use, 130 after Ctrl-C."

    override fun run() = Unit

    companion object {
        /** Columns of what is printed to a file or pipe. */
        private const val WIDTH = 110

        /** The root with all commands. */
        fun withCommands(): Ringflow = Ringflow().subcommands(
            DemoCommand(),
            ProbeCommand(),
            TopCommand(),
            CopyCommand(),
            HashCommand(),
            SendCommand(),
            ReceiveCommand(),
            EchoCommand(),
            PacketsCommand(),
            HttpCommand(),
            ChatCommand(),
            ProxyCommand(),
            ScriptCommand("test", "Run all tests, after installing what they need."),
            ScriptCommand("bench", "Run a benchmark: raw, alloc, file, copy, depth, echo, accept, idle, zerocopy."),
            ScriptCommand("kernels", "Run the suites under other real Linux kernels, and show what they found."),
            ScriptCommand(
                "artifacts",
                "Package all artifacts twice, compare them, and run a program from elsewhere on them."
            )
        )
    }
}
