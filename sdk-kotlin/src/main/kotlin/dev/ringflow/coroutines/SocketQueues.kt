package dev.ringflow.coroutines

import dev.ringflow.buffer.ReceivedBuffer
import dev.ringflow.net.IncomingOptions
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch

/**
 * All bytes that come on this connection, through a channel: for `select`, and for handing buffers to other coroutines.
 *
 * ```
 * coroutineScope {
 *     val incoming = socket.incomingIn(this)
 *     while (true) {
 *         select {
 *             incoming.onReceive { bytes -> bytes.use { … } }
 *             commands.onReceive { command -> … }
 *         }
 *     }
 * }
 * ```
 *
 * Each buffer is retained: whoever receives it closes it. Buffers that nobody received are given back when the channel
 * or its scope is cancelled. That is what `incoming().produceIn(scope)` does not do.
 *
 * The channel is closed when the peer has shut its side down; receiving from it then fails with
 * `ClosedReceiveChannelException`. It fails as [incoming] does, with the `IOException` of a connection
 * that is lost or closed on this side; the scope does not.
 *
 * Back-pressure is that of [incoming]: buffers in the channel, and those not closed yet, count as held.
 *
 * @param scope what receives; it does not end before the channel does
 * @param capacity how many buffers wait in the channel
 * @param options which buffers, and how many of them
 * @return a channel for the caller to cancel when he has enough
 */
public fun RingSocket.incomingIn(
    scope: CoroutineScope,
    capacity: Int = Channel.BUFFERED,
    options: IncomingOptions = IncomingOptions.defaults()
): ReceiveChannel<ReceivedBuffer> = incoming(options).queuedIn(scope, Channel(capacity) { it.close() }) { it.retain() }

/**
 * The connections of this socket, through a channel: for `select`. What [connections] says holds for it, too.
 *
 * Whoever receives a connection closes it. Connections that nobody received are closed when the channel or its scope is
 * cancelled. The channel is closed when the server socket is.
 *
 * @param scope what accepts; it does not end before the channel does
 * @param capacity how many connections wait in the channel, beside those that wait below it
 * @return a channel for the caller to cancel when he has enough
 */
public fun RingServerSocket.connectionsIn(
    scope: CoroutineScope,
    capacity: Int = Channel.RENDEZVOUS
): ReceiveChannel<RingSocket> = connections().queuedIn(scope, Channel(capacity) { it.closeAsync() }) { it }

@OptIn(ExperimentalCoroutinesApi::class)
private fun <T> Flow<T>.queuedIn(scope: CoroutineScope, queue: Channel<T>, keep: (T) -> T): ReceiveChannel<T> {
    val filling = scope.launch(start = CoroutineStart.UNDISPATCHED) {
        try {
            collect { queue.send(keep(it)) }
            queue.close()
        } catch (e: CancellationException) {
            queue.cancel(e)
            throw e
        } catch (e: Exception) {
            queue.close(e)
        }
    }
    queue.invokeOnClose { filling.cancel() }
    return queue
}
