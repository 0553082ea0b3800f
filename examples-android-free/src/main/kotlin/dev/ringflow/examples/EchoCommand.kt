package dev.ringflow.examples

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.restrictTo
import dev.ringflow.Ring
import dev.ringflow.coroutines.listen
import java.net.BindException
import java.net.InetSocketAddress

/** `ringflow echo`. */
internal class EchoCommand : RingCommand("echo") {
    private val host by option(
        "--host",
        help = "The address to listen on; 127.0.0.1 if not given."
    ).default("127.0.0.1")
    private val port by option("--port", metavar = "N", help = "The port, 0 for any free one; 7777 if not given.")
        .int()
        .restrictTo(0..MAX_PORT)
        .default(DEFAULT_PORT)

    override fun help(context: Context) = "Serve TCP connections, and send back what they send, until Ctrl-C."

    override fun execute() {
        val address = InetSocketAddress(host, port)
        if (address.isUnresolved) {
            throw UserFailure(
                "$host: no such host. Give --host an address of this machine, such as 127.0.0.1 or 0.0.0.0."
            )
        }
        openRing().use { ring -> runOnRing(ring) { serve(ring, address) } }
    }

    private suspend fun serve(ring: Ring, address: InetSocketAddress) {
        val socket = try {
            ring.listen(address)
        } catch (e: BindException) {
            throw UserFailure(
                "$host:$port: cannot listen there: ${e.message}. Choose another --port (0 for any) or --host.",
                e
            )
        }
        socket.use {
            val server = EchoServer(it) { failure -> echo("a connection failed: ${explain(failure)}", err = true) }
            val at = it.localAddress() as InetSocketAddress
            echo("listening on ${at.hostString}:${at.port} with driver ${ring.driver()}; Ctrl-C stops")
            try {
                server.serve()
            } finally {
                echo(summary(server))
            }
        }
    }

    private fun summary(server: EchoServer) =
        "${formatCount(server.connections)} connections (${server.open} open, ${server.failures} failed)," +
            " ${formatSize(server.bytes)} sent back"

    private companion object {
        const val DEFAULT_PORT = 7777
        const val MAX_PORT = 65_535
    }
}
