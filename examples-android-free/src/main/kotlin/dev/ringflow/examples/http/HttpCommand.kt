package dev.ringflow.examples.http

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.arguments.default
import com.github.ajalt.clikt.parameters.options.default
import dev.ringflow.Ring
import dev.ringflow.buffer.BufferPool
import dev.ringflow.buffer.BufferPoolOptions
import dev.ringflow.examples.ListeningCommand
import dev.ringflow.examples.UserFailure
import dev.ringflow.examples.explain
import dev.ringflow.examples.formatCount
import dev.ringflow.examples.formatSize
import dev.ringflow.net.RingServerSocket
import java.nio.file.Files
import java.nio.file.Path

/** `ringflow http`. */
internal class HttpCommand : ListeningCommand("http", defaultPort = 8080) {
    private val directory by argument(
        "DIRECTORY",
        help = "What to serve; the working directory if not given."
    ).default(".")

    override fun help(context: Context) = "Serve the files of a directory over HTTP/1.1, until Ctrl-C."

    override fun execute() {
        if (!Files.isDirectory(Path.of(directory))) {
            throw UserFailure("$directory: not a directory. Name the directory whose files are to be served.")
        }
        super.execute()
    }

    override suspend fun serve(ring: Ring, server: RingServerSocket) {
        HttpFiles.beneath(ring, Path.of(directory)).use { files ->
            pool(ring, HEAD_SIZE).use { inputs ->
                pool(ring, ANSWER_SIZE).use { outputs -> serve(server, files, inputs, outputs) }
            }
        }
    }

    private suspend fun serve(socket: RingServerSocket, files: HttpFiles, inputs: BufferPool, outputs: BufferPool) {
        val server = HttpServer(files, inputs, outputs) { failure ->
            echo("a connection failed: ${explain(failure)}", err = true)
        }
        announce("serving $directory", socket, scheme = "http://")
        try {
            server.serve(socket)
        } finally {
            with(server.counters) {
                echo(
                    "${formatCount(requests)} requests on ${formatCount(connections)} connections" +
                        " ($failures malformed), ${formatSize(bytes)} sent"
                )
            }
        }
    }

    private fun pool(ring: Ring, size: Int): BufferPool =
        ring.bufferPool(BufferPoolOptions.builder().bufferSize(size).slabSize(SLAB).initialSlabs(1).build())

    private companion object {
        const val HEAD_SIZE = 8 * 1024
        const val ANSWER_SIZE = 64 * 1024
        const val SLAB = 64
    }
}
