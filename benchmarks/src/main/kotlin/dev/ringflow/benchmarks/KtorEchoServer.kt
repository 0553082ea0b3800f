package dev.ringflow.benchmarks

import io.ktor.network.selector.SelectorManager
import io.ktor.network.sockets.InetSocketAddress
import io.ktor.network.sockets.Socket
import io.ktor.network.sockets.aSocket
import io.ktor.network.sockets.openReadChannel
import io.ktor.network.sockets.openWriteChannel
import io.ktor.network.sockets.port
import io.ktor.utils.io.readAvailable
import io.ktor.utils.io.writeFully
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.io.IOException

/** ktor-network as its documentation shows it: a coroutine, a read channel and a write channel for each connection. */
internal class KtorEchoServer : EchoServer {
    private val selector = SelectorManager(Dispatchers.IO)
    private val scope = CoroutineScope(Dispatchers.IO + SupervisorJob())
    private val server =
        runBlocking {
            aSocket(selector).tcp().bind("127.0.0.1", 0) { backlogSize = BACKLOG }
        }

    init {
        scope.launch {
            while (true) {
                val socket = server.accept()
                launch { socket.use { echo(it) } }
            }
        }
    }

    private suspend fun echo(socket: Socket) {
        val input = socket.openReadChannel()
        val output = socket.openWriteChannel(autoFlush = false)
        val bytes = ByteArray(SIZE)
        try {
            while (true) {
                val count = input.readAvailable(bytes, 0, bytes.size)
                if (count < 0) return
                output.writeFully(bytes, 0, count)
                output.flush()
            }
        } catch (_: IOException) {
            return
        }
    }

    override fun port(): Int = (server.localAddress as InetSocketAddress).port

    override fun close() {
        scope.cancel()
        server.close()
        selector.close()
    }

    private companion object {
        const val SIZE = 4096
        const val BACKLOG = 4096
    }
}
