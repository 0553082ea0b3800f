package dev.ringflow.benchmarks

import dev.ringflow.Ring
import dev.ringflow.coroutines.connections
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.coroutines.incoming
import dev.ringflow.coroutines.sendFully
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress

/** RingFlow from Kotlin: a Flow of what is received for each connection, sent from where it lies. */
internal class FlowEchoServer(private val ring: Ring) : EchoServer {
    private val server =
        ring.listenAsync(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG).join()
    private val scope = CoroutineScope(ring.dispatcher + SupervisorJob())

    init {
        scope.launch {
            server.connections().collect { socket -> launch { socket.use { echo(it) } } }
        }
    }

    private suspend fun echo(socket: RingSocket) {
        try {
            socket.incoming().collect { bytes -> socket.sendFully(bytes.byteBuffer()) }
        } catch (_: IOException) {
            return
        }
    }

    override fun port(): Int = server.localPort()

    override fun systemCalls(): Long = ring.metrics().systemCalls()

    override fun close() = ring.close()

    private companion object {
        const val BACKLOG = 4096
    }
}
