package dev.ringflow.examples

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.ProgramResult
import com.github.ajalt.clikt.core.terminal
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.arguments.multiple
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.choice
import dev.ringflow.Ring
import dev.ringflow.coroutines.hashFile
import dev.ringflow.file.HashAlgorithm
import dev.ringflow.file.TransferOptions
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path

/** `ringflow hash`. */
internal class HashCommand : RingCommand("hash") {
    private val files by argument("FILE", help = "The files to read.").multiple(required = true)
    private val hash by option("--hash", help = "The hash; sha256 if not given.")
        .choice(HASHES)
        .default(HashAlgorithm.SHA_256)
    private val tree by option("--tree", help = "The root of the tree of chunks, as copy, send and receive print it.")
        .flag()
    private val chunk by option("--chunk", help = "Bytes of each chunk of the tree; 256k if not given.")
        .size(TransferOptions.MIN_CHUNK_SIZE.toLong()..TransferOptions.MAX_CHUNK_SIZE.toLong())
        .default(TransferOptions.defaults().chunkSize().toLong())

    override fun help(context: Context) = "Print the hashes of files, as sha256sum and b3sum do."

    override fun execute() {
        val failed = openRing().use { ring ->
            TransferBars(terminal, "hash").use { bars ->
                val options = TransferOptions.builder().hash(hash).chunkSize(chunk.toInt()).plainHash(!tree)
                    .watchedBy(bars)
                runOnRing(ring) { files.count { !print(ring, it, options) } }
            }
        }
        if (failed > 0) {
            throw ProgramResult(FAILED)
        }
    }

    private suspend fun print(ring: Ring, file: String, options: TransferOptions): Boolean = try {
        echo(line(hash(ring, Path.of(file), options), file))
        true
    } catch (e: IOException) {
        fail(e)
        false
    }

    private suspend fun hash(ring: Ring, path: Path, options: TransferOptions): String {
        val size = withContext(Dispatchers.IO) {
            requireRegular(path, "read")
            Files.size(path)
        }
        if (size == 0L && !tree) {
            return hashWithoutSize(ring, path, hash)
        }
        val found = ring.hashFile(path, options)
        return if (tree) found.rootHex() else checkNotNull(found.plainHex())
    }

    /** The format of sha256sum, which marks a line whose name had to be escaped with a backslash. */
    private fun line(hash: String, name: String): String {
        val escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        return (if (escaped == name) "" else "\\") + hash + "  " + escaped
    }
}
