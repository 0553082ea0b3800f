package dev.ringflow.examples.http

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.arguments.default
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.restrictTo
import dev.ringflow.Ring
import dev.ringflow.buffer.BufferPool
import dev.ringflow.buffer.BufferPoolOptions
import dev.ringflow.coroutines.listen
import dev.ringflow.examples.RingCommand
import dev.ringflow.examples.UserFailure
import dev.ringflow.examples.explain
import dev.ringflow.examples.formatCount
import dev.ringflow.examples.formatSize
import dev.ringflow.examples.runOnRing
import dev.ringflow.net.RingServerSocket
import java.net.BindException
import java.net.InetSocketAddress
import java.nio.file.Files
import java.nio.file.Path

/** `ringflow http`. */
internal class HttpCommand : RingCommand("http") {
    private val directory by argument("DIRECTORY", help = "What to serve; the working directory if not given.").default(".")
    private val host by option("--host", help = "The address to listen on; 127.0.0.1 if not given.").default("127.0.0.1")
    private val port by option("--port", metavar = "N", help = "The port, 0 for any free one; 8080 if not given.")
        .int()
        .restrictTo(0..MAX_PORT)
        .default(DEFAULT_PORT)

    override fun help(context: Context) = "Serve the files of a directory over HTTP/1.1, until Ctrl-C."

    override fun execute() {
        val root = Path.of(directory)
        if (!Files.isDirectory(root)) {
            throw UserFailure("$directory: not a directory. Name the directory whose files are to be served.")
        }
        val address = InetSocketAddress(host, port)
        if (address.isUnresolved) {
            throw UserFailure("$host: no such host. Give --host an address of this machine, such as 127.0.0.1 or 0.0.0.0.")
        }
        openRing().use { ring -> runOnRing(ring) { serve(ring, root, address) } }
    }

    private suspend fun serve(ring: Ring, root: Path, address: InetSocketAddress) {
        val listening = try {
            ring.listen(address)
        } catch (e: BindException) {
            throw UserFailure("$host:$port: cannot listen there: ${e.message}. Choose another --port or --host.", e)
        }
        listening.use { socket ->
            HttpFiles.beneath(ring, root).use { files ->
                pool(ring, HEAD_SIZE).use { inputs ->
                    pool(ring, ANSWER_SIZE).use { outputs -> serve(socket, files, inputs, outputs) }
                }
            }
        }
    }

    private suspend fun serve(socket: RingServerSocket, files: HttpFiles, inputs: BufferPool, outputs: BufferPool) {
        val server = HttpServer(files, inputs, outputs) { failure ->
            echo("a connection failed: ${explain(failure)}", err = true)
        }
        val at = socket.localAddress() as InetSocketAddress
        echo("serving $directory on http://${at.hostString}:${at.port}/ with driver ${socket.ring().driver()}; Ctrl-C stops")
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
        const val DEFAULT_PORT = 8080
        const val MAX_PORT = 65_535
        const val HEAD_SIZE = 8 * 1024
        const val ANSWER_SIZE = 64 * 1024
        const val SLAB = 64
    }
}
