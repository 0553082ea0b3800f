package dev.ringflow.examples.proxy

import dev.ringflow.coroutines.ServeOptions
import dev.ringflow.coroutines.connect
import dev.ringflow.coroutines.serve
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.future.await
import java.io.IOException
import java.net.SocketAddress

/**
 * Passes connections on to another server, both ways. Where the kernel can splice, the bytes never come into the memory of
 * this process. The end of either direction is passed on, too.
 *
 * @param server where it listens; the caller closes it
 * @param target the other server
 * @param failed is told of each connection that failed; it harms no other
 */
internal class ProxyServer(
    private val server: RingServerSocket,
    private val target: SocketAddress,
    private val failed: (IOException) -> Unit = {}
) {
    /** Connections passed on so far. */
    var connections = 0L
        private set

    /** Bytes passed on by connections that have ended, in both directions. */
    var bytes = 0L
        private set

    /** Serves until the socket is closed or the caller is cancelled. */
    suspend fun serve() {
        val options = ServeOptions { _, failure -> if (failure is IOException) failed(failure) else throw failure }
        server.serve(options) { client -> pass(client) }
    }

    private suspend fun pass(client: RingSocket) {
        connections++
        client.ring().connect(target).use { other ->
            val passed = coroutineScope {
                val there = async { client.pipeToAsync(other).await() }
                val back = async { other.pipeToAsync(client).await() }
                there.await() + back.await()
            }
            bytes += passed
        }
    }
}
