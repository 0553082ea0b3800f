package dev.ringflow.coroutines

import dev.ringflow.RingClosedException
import dev.ringflow.net.ConnectionStream
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import java.nio.channels.ClosedChannelException
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn

/**
 * The connections of this socket, over one multishot accept where the kernel has it.
 *
 * ```
 * coroutineScope {
 *     server.connections().collect { socket ->
 *         launch(start = CoroutineStart.UNDISPATCHED) { socket.use { serve(it) } }
 *     }
 * }
 * ```
 *
 * The flow is cold: collecting it begins to accept, and each collector has an accept of its own, so that several share
 * the connections. It completes when the server socket or its ring is closed, and fails with an `IOException` if the
 * system will accept no more. Errors of single connections and of moments, such as too many open files, do not end it.
 *
 * ### Ownership
 *
 * A connection belongs to the collector from the moment that it is emitted; the collector closes it. An operator that
 * keeps elements in between, such as `buffer` or `flowOn`, drops them when it is cancelled: then they stay open until
 * the ring is closed. Collect without such operators, and `launch` for each connection instead, undispatched: a child that
 * is cancelled before it began never reaches its `use`.
 *
 * ### Back-pressure
 *
 * The next connection is asked for when the collector has returned from the one before. When 64 accepted connections
 * wait for it in the stream, the kernel is asked to accept no more; from then on connections wait in its backlog.
 *
 * ### Cancellation
 *
 * Cancelling the collector calls the accept off, and closes connections that were accepted and not yet emitted.
 */
public fun RingServerSocket.connections(): Flow<RingSocket> = ConnectionFlow(this)

/**
 * Emits without the look at the job that `flow { }` takes before each emission: that would lose the connection of a
 * collector cancelled at this very moment.
 */
private class ConnectionFlow(private val server: RingServerSocket) : Flow<RingSocket> {
    override suspend fun collect(collector: FlowCollector<RingSocket>) {
        server.connectionStream().use { stream ->
            while (true) {
                val socket = stream.next() ?: return
                collector.emit(socket)
            }
        }
    }

    override fun toString(): String = "connections of $server"
}

/** The next connection, null at the end of the stream. */
private suspend fun ConnectionStream.next(): RingSocket? {
    val socket: RingSocket = try {
        suspendCoroutineUninterceptedOrReturn { caller ->
            val call = NextConnection(caller, this)
            call.throwIfCancelled()
            next(call)
            call.suspendOrTake()
        }
    } catch (_: ClosedChannelException) {
        return null
    } catch (_: RingClosedException) {
        return null
    }
    return deliver(socket, RingSocket::closeAsync, currentCoroutineContext()[Job])
}

private class NextConnection(caller: Continuation<*>, private val stream: ConnectionStream) :
    SuspendedCall<RingSocket>(caller) {
    override fun requestCancel() {
        stream.giveUp(this)
    }
}
