package dev.ringflow.benchmarks

import dev.ringflow.Ring
import dev.ringflow.coroutines.connections
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.coroutines.incoming
import dev.ringflow.coroutines.receive
import dev.ringflow.coroutines.sendFully
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.nio.ByteBuffer

/** RingFlow from Kotlin: a coroutine for each connection. */
internal class CoroutineEchoServer private constructor(private val ring: Ring, echo: suspend (RingSocket) -> Unit,) :
    EchoServer {
    private val server =
        ring.listenAsync(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG).join()

    init {
        CoroutineScope(ring.dispatcher + SupervisorJob()).launch {
            server.connections().collect { socket ->
                launch {
                    try {
                        socket.use { echo(it) }
                    } catch (_: IOException) {
                        return@launch
                    }
                }
            }
        }
    }

    override fun port(): Int = server.localPort()

    override fun systemCalls(): Long = ring.metrics().systemCalls()

    override fun close() = ring.close()

    companion object {
        private const val SIZE = 4096
        private const val BACKLOG = 4096

        /** Each connection has a buffer. */
        @JvmStatic
        fun ofBuffers(ring: Ring) = CoroutineEchoServer(ring) { socket ->
            val buffer = ByteBuffer.allocateDirect(SIZE)
            while (socket.receive(buffer.clear()) >= 0) {
                socket.sendFully(buffer.flip())
            }
        }

        /** Each connection has a Flow of what is received, sent from where it lies. */
        @JvmStatic
        fun ofFlows(ring: Ring) = CoroutineEchoServer(ring) { socket ->
            socket.incoming().collect { bytes -> socket.sendFully(bytes.byteBuffer()) }
        }
    }
}
