package dev.ringflow.examples

import dev.ringflow.coroutines.connections
import dev.ringflow.coroutines.receive
import dev.ringflow.coroutines.sendFully
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.launch
import kotlinx.coroutines.supervisorScope
import java.io.IOException
import java.nio.ByteBuffer

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

    private val spareBuffers = ArrayDeque<ByteBuffer>()

    /** Serves until the caller is cancelled, or the server socket is closed. */
    suspend fun serve(): Unit = supervisorScope {
        server.connections().collect { socket ->
            connections++
            launch(start = CoroutineStart.UNDISPATCHED) { serve(socket) } // even if cancelled now: it closes the socket
        }
    }

    private suspend fun serve(socket: RingSocket) {
        val buffer = spareBuffers.removeLastOrNull() ?: ByteBuffer.allocateDirect(BUFFER_SIZE)
        open++
        try {
            socket.use { echo(it, buffer) }
        } catch (e: IOException) {
            failures++
            failed(e)
        } finally {
            open--
            spareBuffers.addLast(buffer)
        }
    }

    private suspend fun echo(socket: RingSocket, buffer: ByteBuffer) {
        while (true) {
            buffer.clear()
            if (socket.receive(buffer) < 0) {
                return
            }
            buffer.flip()
            val sent = socket.sendFully(buffer)
            bytes += sent // not in one expression: another coroutine counts while this one waits
        }
    }

    private companion object {
        const val BUFFER_SIZE = 16 * 1024
    }
}
