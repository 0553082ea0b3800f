package dev.ringflow.examples.guide

import dev.ringflow.coroutines.connections
import dev.ringflow.coroutines.receive
import dev.ringflow.coroutines.sendFully
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import java.nio.ByteBuffer
import kotlin.time.Duration

// snippet-begin: first-server
suspend fun serve(server: RingServerSocket): Unit = coroutineScope {
    server.connections().collect { socket ->
        launch(start = CoroutineStart.UNDISPATCHED) { socket.use { echo(it) } }
    }
}

suspend fun echo(socket: RingSocket) {
    val buffer = ByteBuffer.allocateDirect(16 * 1024)
    while (socket.receive(buffer.clear()) != -1) {
        socket.sendFully(buffer.flip())
    }
}
// snippet-end: first-server

// snippet-begin: giving-up
suspend fun RingSocket.receiveWithin(limit: Duration, buffer: ByteBuffer): Int? =
    withTimeoutOrNull(limit) { receive(buffer) }
// snippet-end: giving-up
