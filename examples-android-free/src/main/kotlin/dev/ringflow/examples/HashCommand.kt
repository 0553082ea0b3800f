package dev.ringflow.examples

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.ProgramResult
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.arguments.multiple
import dev.ringflow.Ring
import java.io.IOException
import java.nio.file.Path

/** `ringflow hash`. */
internal class HashCommand : RingCommand("hash") {
    private val files by argument("FILE", help = "The files to read.").multiple(required = true)

    override fun help(context: Context) = "Print the SHA-256 of files, as sha256sum does."

    override fun execute() {
        val failed = openRing().use { ring -> runOnRing(ring) { files.count { !hash(ring, it) } } }
        if (failed > 0) {
            throw ProgramResult(FAILED)
        }
    }

    private suspend fun hash(ring: Ring, file: String): Boolean =
        ring.bufferPool(FileCopy.DEFAULT_CHUNK, FileCopy.DEFAULT_DEPTH).use { pool ->
            try {
                echo(line(FileHash(ring, pool).hash(Path.of(file)), file))
                true
            } catch (e: ShrankException) {
                fail(UserFailure("$file: shrank to ${e.size} bytes while it was being read", e))
                false
            } catch (e: IOException) {
                fail(e)
                false
            }
        }

    /** The format of sha256sum, which marks a line whose name had to be escaped with a backslash. */
    private fun line(sha256: String, name: String): String {
        val escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        return (if (escaped == name) "" else "\\") + sha256 + "  " + escaped
    }
}
