package dev.ringflow.examples

import dev.ringflow.coroutines.ServeOptions
import dev.ringflow.coroutines.incoming
import dev.ringflow.coroutines.sendFully
import dev.ringflow.coroutines.serve
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import java.io.IOException

/**
 * Sends back what it receives, on every connection in a coroutine of its own. All of it runs on the loop thread, so the
 * counters need no care.
 *
 * @param server where it listens; the caller closes it
 * @param failed is told of each connection that failed; it harms no other
 */
internal class EchoServer(private val server: RingServerSocket, private val failed: (IOException) -> Unit = {}) {
    /** Connections accepted so far. */
    var connections = 0L
        private set

    /** Connections that are open. */
    var open = 0L
        private set

    /** Connections that failed. */
    var failures = 0L
        private set

    /** Bytes sent back. */
    var bytes = 0L
        private set

    /** Serves until the caller is cancelled, or the server socket is closed. */
    suspend fun serve() {
        server.serve(ServeOptions(onFailure = ::tell)) { socket ->
            connections++
            open++
            try {
                socket.incoming().collect { received ->
                    val sent = socket.sendFully(received)
                    bytes += sent // not in one expression: another coroutine counts while this one waits
                }
            } finally {
                open--
            }
        }
    }

    private fun tell(socket: RingSocket, failure: Throwable) {
        if (failure !is IOException) {
            throw failure
        }
        failures++
        failed(failure)
    }
}
