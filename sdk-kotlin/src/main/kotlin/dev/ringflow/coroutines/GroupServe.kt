package dev.ringflow.coroutines

import dev.ringflow.RingGroup
import dev.ringflow.net.GroupServerSocket
import dev.ringflow.net.ListenOptions
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.net.SocketAddress

/**
 * Accepts connections for all rings of a group, and runs [handler] for each in a coroutine of its own on the
 * dispatcher of the ring that the connection lives on, until this is closed. Otherwise as [RingServerSocket.serve].
 *
 * With a listening socket on each ring, [ServeOptions.maxConnections] holds for each ring. With a single one it holds
 * for all together, and the connections are taken to the rings in turn; what the handler launches in its
 * [ConnectionScope] then runs on the ring that accepted, if it says nothing else.
 *
 * ### Cancellation
 *
 * Cancelling the caller cancels all handlers at once, without grace. The call throws its `CancellationException` when
 * all connections are closed. The listening sockets stay open.
 *
 * @param options how many at a time, how it ends, and who is told of failures
 * @param handler what to do with each connection; it does not have to close it
 * @throws java.io.IOException if the system will accept no more on one of the rings, which ends it on all
 */
public suspend fun GroupServerSocket.serve(
    options: ServeOptions = ServeOptions(),
    handler: suspend ConnectionScope.(RingSocket) -> Unit
) {
    val spreading = listeners().size < group().size()
    coroutineScope {
        listeners().forEach { listener ->
            launch(listener.ring().dispatcher) {
                listener.serve(options) { socket ->
                    if (spreading) onNextRing(group(), socket, handler) else handler(socket)
                }
            }
        }
    }
}

private suspend fun ConnectionScope.onNextRing(
    group: RingGroup,
    socket: RingSocket,
    handler: suspend ConnectionScope.(RingSocket) -> Unit
) {
    val ring = group.next()
    if (ring === socket.ring()) return handler(socket)
    val moved = socket.moveTo(ring)
    try {
        withContext(ring.dispatcher) { handler(moved) }
    } finally {
        moved.closeAndJoin()
    }
}

/**
 * Listens at an address for all rings of the group and serves what comes, as [GroupServerSocket.serve] does; the
 * listening sockets are closed at the end, also after a failure or cancellation.
 *
 * ```
 * RingGroup.open().use { group ->
 *     group.serve(address, ListenOptions.builder().reusePort(true).build()) { socket -> … }
 * }
 * ```
 *
 * ### Cancellation
 *
 * Cancelling the caller cancels all handlers at once. The call throws its `CancellationException` when all connections
 * and listening sockets are closed. To end gently, close what [onListening] was given.
 *
 * @param address where; port 0 lets the system choose
 * @param listening how the sockets are made; with `reusePort` there is one on each ring
 * @param options how many at a time, how it ends, and who is told of failures
 * @param onListening is given the listening sockets before the first connection is accepted
 * @param handler what to do with each connection; it does not have to close it
 * @throws java.io.IOException as listening and [GroupServerSocket.serve] do
 */
public suspend fun RingGroup.serve(
    address: SocketAddress,
    listening: ListenOptions = ListenOptions.defaults(),
    options: ServeOptions = ServeOptions(),
    onListening: (GroupServerSocket) -> Unit = {},
    handler: suspend ConnectionScope.(RingSocket) -> Unit
) {
    val server = listenAsync(address, listening).awaitUncancelled()
    try {
        onListening(server)
        server.serve(options, handler)
    } finally {
        server.closeAsync().awaitClosed()
    }
}
