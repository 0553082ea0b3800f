package dev.ringflow.examples.guide

import dev.ringflow.coroutines.sendFully
import dev.ringflow.coroutines.sendFullyUnreleased
import dev.ringflow.net.RingSocket
import java.nio.ByteBuffer

// snippet-begin: send
/** Sends two large blocks from one buffer. */
suspend fun sendTwice(socket: RingSocket, buffer: ByteBuffer) {
    socket.zeroCopyThreshold(64 * 1024) // from this size on, without copying
    val first = socket.sendFullyUnreleased(buffer) // sent: the peer may be answering already
    first.awaitReleased() // the memory is ours again: only now fill it anew
    socket.sendFully(buffer.rewind()) // returns when the memory is ours again
}
// snippet-end: send
