package dev.ringflow.examples.guide

import dev.ringflow.RingGroup
import dev.ringflow.RingOptions
import dev.ringflow.coroutines.ServeOptions
import dev.ringflow.coroutines.incoming
import dev.ringflow.coroutines.sendFully
import dev.ringflow.coroutines.serve
import dev.ringflow.net.GroupServerSocket

// snippet-begin: group
/** Serves on one ring for each processor, until the socket is closed or the caller is cancelled. */
suspend fun echoOnAllCores(server: GroupServerSocket) {
    server.serve(ServeOptions()) { socket -> socket.incoming().collect { bytes -> socket.sendFully(bytes) } }
}

fun pinnedGroup(): RingGroup = RingGroup.open(
    RingOptions.builder().pinnedThread(true).threadName("server").build()
)
// snippet-end: group
