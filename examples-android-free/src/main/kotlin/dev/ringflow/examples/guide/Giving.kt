package dev.ringflow.examples.guide

import dev.ringflow.coroutines.receive
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.withTimeoutOrNull
import java.nio.ByteBuffer
import kotlin.time.Duration

// snippet-begin: cancel
/** What was received in time, or null; either way the buffer is the caller's again. */
suspend fun receiveWithin(socket: RingSocket, buffer: ByteBuffer, limit: Duration): Int? =
    withTimeoutOrNull(limit) { socket.receive(buffer) }
// snippet-end: cancel
