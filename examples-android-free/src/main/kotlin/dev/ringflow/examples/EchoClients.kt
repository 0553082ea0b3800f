package dev.ringflow.examples

import dev.ringflow.Ring
import dev.ringflow.coroutines.connect
import dev.ringflow.coroutines.receiveFully
import dev.ringflow.coroutines.sendFully
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import java.net.SocketAddress
import java.nio.ByteBuffer

/**
 * Clients of an echo server: each sends a message, waits for it to come back, compares, and sends the next, which is
 * different in every message of every client. To be used on the loop thread.
 */
internal class EchoClients(private val ring: Ring, private val advanced: (Long) -> Unit = {}) {
    /** Echoes [messages] in all over [connections]; fails if one comes back changed. */
    suspend fun run(server: SocketAddress, connections: Int, messages: Long): Unit = coroutineScope {
        repeat(connections) { client ->
            val share = messages / connections + if (client < messages % connections) 1 else 0
            launch { ring.connect(server).use { echo(it, client, share) } }
        }
    }

    private suspend fun echo(socket: RingSocket, client: Int, messages: Long) {
        val sent = ByteBuffer.allocateDirect(MESSAGE_SIZE)
        val received = ByteBuffer.allocateDirect(MESSAGE_SIZE)
        val content = SplitMix64(client.toLong())
        for (message in 0 until messages) {
            content.fill(sent.clear())
            socket.sendFully(sent.flip())
            socket.receiveFully(received.clear())
            if (received.flip() != sent.flip()) {
                throw UserFailure("message $message of client $client came back changed")
            }
            advanced(1)
        }
    }

    companion object {
        const val MESSAGE_SIZE = 64
    }
}
