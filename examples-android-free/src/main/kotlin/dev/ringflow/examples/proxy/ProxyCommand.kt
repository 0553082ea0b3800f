package dev.ringflow.examples.proxy

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.parameters.arguments.argument
import dev.ringflow.Ring
import dev.ringflow.examples.ListeningCommand
import dev.ringflow.examples.explain
import dev.ringflow.examples.formatCount
import dev.ringflow.examples.formatSize
import dev.ringflow.examples.parseAddress
import dev.ringflow.net.RingServerSocket

/** `ringflow proxy`. */
internal class ProxyCommand : ListeningCommand("proxy", defaultPort = 7780) {
    private val target by argument("HOST:PORT", help = "The server that connections are passed on to.")

    override fun help(context: Context) = "Pass TCP connections on to another server, until Ctrl-C."

    override suspend fun serve(ring: Ring, server: RingServerSocket) {
        val proxy = ProxyServer(server, parseAddress(target)) { failure ->
            echo("a connection failed: ${explain(failure)}", err = true)
        }
        announce("passing on to $target", server)
        try {
            proxy.serve()
        } finally {
            echo("${formatCount(proxy.connections)} connections, ${formatSize(proxy.bytes)} passed on")
        }
    }
}
