package dev.ringflow.examples

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.terminal
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import dev.ringflow.Ring
import dev.ringflow.coroutines.copyFile
import dev.ringflow.file.TransferOptions
import dev.ringflow.file.TransferResult
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path

/** `ringflow copy`. */
internal class CopyCommand : RingCommand("copy") {
    private val source by argument("SRC", help = "The file to copy.")
    private val target by argument("DST", help = "Its new name, or a directory for it.")
    private val reading by ReadingSettings()
    private val writing by WritingSettings()

    override fun help(context: Context) =
        "Copy a file and verify the copy.\n\nThe copy appears under its name whole or not at all. Until then it is" +
            " called .NAME.ringflow-XXXXXXXX.part in the same directory. If it is interrupted, the same command goes" +
            " on where it was. Permissions, time of change and holes are kept."

    override fun execute() {
        val destination = Path.of(target)
        if ((target.endsWith("/") || (isWindows() && target.endsWith("\\"))) && !Files.isDirectory(destination)) {
            throw UserFailure(
                "$target: there is no such directory. Create it first, or leave out the ${target.last()} at the end."
            )
        }
        val path = chooseTarget(Path.of(source), destination, writing.overwrite)
        val result = openRing().use { ring -> copy(ring, path) to ring.driver() }
        summary("copied and verified", "to $path", result.second, result.first).forEach { echo(it) }
        if (!result.first.durable()) {
            echo(NAME_MAY_BE_LOST)
        }
    }

    private fun copy(ring: Ring, path: Path): TransferResult = TransferBars(terminal, "copy").use { bars ->
        val options = writing.applyTo(reading.applyTo(TransferOptions.builder())).watchedBy(bars)
        try {
            runOnRing(ring) { ring.copyFile(Path.of(source), path, options) }
        } catch (e: IOException) {
            throw writeFailure(e, path) ?: e
        }
    }
}
