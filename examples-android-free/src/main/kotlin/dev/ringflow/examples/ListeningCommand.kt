package dev.ringflow.examples

import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.restrictTo
import dev.ringflow.Ring
import dev.ringflow.coroutines.closeAndJoin
import dev.ringflow.coroutines.listen
import dev.ringflow.net.RingServerSocket
import java.net.BindException
import java.net.InetSocketAddress

/** A command that listens for TCP connections, until Ctrl-C or its own end. */
internal abstract class ListeningCommand(name: String, defaultPort: Int) : RingCommand(name) {
    private val host by option(
        "--host",
        help = "The address to listen on; 127.0.0.1 if not given."
    ).default("127.0.0.1")
    private val port by option(
        "--port",
        metavar = "N",
        help = "The port, 0 for any free one; $defaultPort if not given."
    )
        .int()
        .restrictTo(0..MAX_PORT)
        .default(defaultPort)

    /** Serves on the loop thread of [ring]; the socket is closed afterwards. */
    protected abstract suspend fun serve(ring: Ring, server: RingServerSocket)

    override fun execute() {
        val address = InetSocketAddress(host, port)
        if (address.isUnresolved) {
            throw UserFailure(
                "$host: no such host. Give --host an address of this machine, such as 127.0.0.1 or 0.0.0.0."
            )
        }
        openRing().use { ring -> runOnRing(ring) { listen(ring, address) } }
    }

    private suspend fun listen(ring: Ring, address: InetSocketAddress) {
        val server = try {
            ring.listen(address)
        } catch (e: BindException) {
            throw UserFailure(
                "$host:$port: cannot listen there: ${e.message}. Choose another --port (0 for any) or --host.",
                e
            )
        }
        try {
            serve(ring, server)
        } finally {
            server.closeAndJoin()
        }
    }

    /** Says where it listens. */
    protected fun announce(what: String, server: RingServerSocket, scheme: String = "") {
        val at = server.localAddress() as InetSocketAddress
        val place = "$scheme${at.hostString}:${at.port}${if (scheme.isEmpty()) "" else "/"}"
        echo("$what on $place with driver ${server.ring().driver()}; Ctrl-C stops")
    }

    protected companion object {
        const val MAX_PORT: Int = 65_535
    }
}
