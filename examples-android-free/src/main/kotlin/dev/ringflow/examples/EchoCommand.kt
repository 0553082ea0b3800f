package dev.ringflow.examples

import com.github.ajalt.clikt.core.Context
import dev.ringflow.Ring
import dev.ringflow.net.RingServerSocket

/** `ringflow echo`. */
internal class EchoCommand : ListeningCommand("echo", defaultPort = 7777) {
    override fun help(context: Context) = "Serve TCP connections, and send back what they send, until Ctrl-C."

    override suspend fun serve(ring: Ring, server: RingServerSocket) {
        val echoing = EchoServer(server) { failure -> echo("a connection failed: ${explain(failure)}", err = true) }
        announce("listening", server)
        try {
            echoing.serve()
        } finally {
            echo(summary(echoing))
        }
    }

    private fun summary(server: EchoServer) =
        "${formatCount(server.connections)} connections (${server.open} open, ${server.failures} failed)," +
            " ${formatSize(server.bytes)} sent back"
}
