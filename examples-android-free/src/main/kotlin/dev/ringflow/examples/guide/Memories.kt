package dev.ringflow.examples.guide

import dev.ringflow.Ring
import dev.ringflow.buffer.BufferGroup
import dev.ringflow.buffer.BufferGroupOptions
import dev.ringflow.buffer.ReceivedBuffer
import dev.ringflow.coroutines.incoming
import dev.ringflow.net.IncomingOptions
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.flow.fold

// snippet-begin: group
fun messages(ring: Ring): BufferGroup =
    ring.bufferGroup(BufferGroupOptions.builder().count(256).bufferSize(2048).build())

/** Counts the bytes that come on a connection, with at most eight buffers held at a time. */
suspend fun count(socket: RingSocket, group: BufferGroup): Long {
    val options = IncomingOptions.builder().group(group).maxHeld(8).build()
    return socket.incoming(options).fold(0L) { bytes, buffer -> bytes + buffer.remaining() }
}
// snippet-end: group

// snippet-begin: retain

/** The first buffers of a connection, for later; whoever gets them closes them. */
suspend fun keepFirst(socket: RingSocket, most: Int): List<ReceivedBuffer> = buildList {
    socket.incoming().collect { buffer -> if (size < most) add(buffer.retain()) }
}
// snippet-end: retain
