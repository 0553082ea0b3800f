package dev.ringflow.examples

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.terminal
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.options.validate
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.restrictTo
import dev.ringflow.Ring
import java.nio.file.Files
import java.nio.file.Path

private const val MOST_POOLED = 1L shl 30

/** `ringflow copy`. */
internal class CopyCommand : RingCommand("copy") {
    private val source by argument("SRC", help = "The file to copy.")
    private val target by argument("DST", help = "Its new name, or a directory for it.")
    private val force by option("--force", "-f", help = "Replace DST if it exists.").flag()
    private val chunk by option("--chunk", help = "Bytes of each read and write; 256k if not given.")
        .size(MIN_CHUNK..MAX_CHUNK)
        .default(FileCopy.DEFAULT_CHUNK.toLong())
    private val depth: Int by option("--depth", metavar = "N", help = "Chunks in flight, 1 to 1024; 32 if not given.")
        .int()
        .restrictTo(1..MAX_DEPTH)
        .default(FileCopy.DEFAULT_DEPTH)
        .validate {
            require(it * chunk <= MOST_POOLED) { "$it chunks of ${formatSize(chunk)} are more than 1 GiB of buffers" }
        }

    override fun help(context: Context) =
        "Copy a file and verify the copy.\n\nThe copy appears under its name whole or not at all. Until then it is" +
            " called .NAME.ringflow-XXXXXXXX.part in the same directory. Permissions and time of change are kept."

    override fun execute() {
        val destination = Path.of(target)
        if (target.endsWith("/") && !Files.isDirectory(destination)) {
            throw UserFailure("$target: there is no such directory. Create it first, or leave out the / at the end.")
        }
        openRing().use { ring -> copy(ring, destination) }
    }

    private fun copy(ring: Ring, destination: Path) {
        val started = System.nanoTime()
        val result = CopyProgress(terminal).use { progress ->
            val copy = FileCopy(ring, chunk.toInt(), depth, force, progress)
            runOnRing(ring) { copy.copy(Path.of(source), destination) }
        }
        val nanos = System.nanoTime() - started
        val rate = formatSize(result.size / (nanos / 1e9))
        echo(
            "copied and verified ${formatSize(result.size)} to ${result.target} in ${formatNanos(nanos)} ($rate/s," +
                " driver ${ring.driver()})"
        )
        echo("SHA-256 ${result.sha256}")
        if (!result.directoryIsDurable) {
            echo("The name itself may not survive a power failure: this file system does not sync directories.")
        }
    }

    private companion object {
        const val MIN_CHUNK = 512L
        const val MAX_CHUNK = 64L shl 20
        const val MAX_DEPTH = 1024
    }
}
