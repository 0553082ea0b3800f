package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.RingClosedException
import dev.ringflow.net.ListenOptions
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import java.net.SocketAddress
import java.nio.channels.ClosedChannelException

/**
 * Accepts connections and runs [handler] for each of them in a coroutine of its own, until this server socket is
 * closed.
 *
 * ```
 * ring.listen(address).use { server ->
 *     server.serve { socket ->
 *         socket.incoming().collect { bytes -> socket.sendFully(bytes) }
 *     }
 * }
 * ```
 *
 * The coroutines run where the caller does: on `ring.dispatcher` they never cross a thread, and must not block it.
 *
 * ### One connection
 *
 * The connection is closed when its handler has returned or failed, and all that the handler launched in its
 * [ConnectionScope] has ended. That holds also for a connection whose coroutine is cancelled before it began. What the
 * handler throws is told to [ServeOptions.onFailure], and no other connection notices. A `withTimeout` of the handler
 * that runs out counts as a failure, too.
 *
 * ### Back-pressure
 *
 * With [ServeOptions.maxConnections] being served, no more are taken. Up to 64 that the kernel has accepted by then
 * wait for a place, unread; all others wait in the kernel's backlog, whose size is chosen in listening.
 *
 * ### The end
 *
 * Closing the server socket, for which any thread may call its `closeAsync()`, ends the serving gently: connections
 * that wait for a place are closed, those that are being served learn of it ([ConnectionScope.onStopping]) and have
 * [ServeOptions.grace] to end. What is left then is cancelled. The call returns when all connections are closed. It
 * does the same, and then throws, if the system will accept no more.
 *
 * When the ring is closed all connections end at once, and the call returns.
 *
 * ### Cancellation
 *
 * Cancelling the caller cancels all handlers at once, without grace. The call throws its `CancellationException` when
 * all connections are closed. The server socket stays open.
 *
 * @param options how many at a time, how it ends, and who is told of failures
 * @param handler what to do with each connection; it does not have to close it
 * @throws IOException if the system will accept no more; errors of single connections and of moments, such as too many
 *     open files, do not end it
 */
public suspend fun RingServerSocket.serve(
    options: ServeOptions = ServeOptions(),
    handler: suspend ConnectionScope.(RingSocket) -> Unit
) {
    coroutineScope { Serving(this@serve, options, handler, coroutineContext.job).run() }
}

/**
 * Listens at an address and serves what comes, as [RingServerSocket.serve] does; the server socket is closed at the
 * end, also after a failure or cancellation.
 *
 * ```
 * ring.serve(InetSocketAddress(8080)) { socket -> … }
 * ```
 *
 * ### Cancellation
 *
 * Cancelling the caller cancels all handlers at once. The call throws its `CancellationException` when all connections
 * and the server socket are closed. To end gently, close the server socket that [onListening] was given.
 *
 * @param address where; port 0 lets the system choose
 * @param listening how the server socket is made
 * @param options how many at a time, how it ends, and who is told of failures
 * @param onListening is given the server socket before the first connection is accepted
 * @param handler what to do with each connection; it does not have to close it
 * @throws IOException as [listen] and [RingServerSocket.serve] do
 */
public suspend fun Ring.serve(
    address: SocketAddress,
    listening: ListenOptions = ListenOptions.defaults(),
    options: ServeOptions = ServeOptions(),
    onListening: (RingServerSocket) -> Unit = {},
    handler: suspend ConnectionScope.(RingSocket) -> Unit
) {
    val server = listen(address, listening)
    try {
        onListening(server)
        server.serve(options, handler)
    } finally {
        server.closeAndJoin()
    }
}

/** What a handler of [serve] runs in: a scope for this connection alone. */
public interface ConnectionScope : CoroutineScope {
    /** Whether the server stops: no new connections come, and this one should end soon. */
    public val isStopping: Boolean

    /**
     * Does something when the server stops, in a coroutine of this scope; at once if it stops already. When the handler
     * has returned, an [action] that has not begun never does, and one that has is cancelled.
     *
     * A server whose connections wait for the next request lets them end with
     *
     * ```
     * onStopping { socket.shutdownInput() }
     * ```
     *
     * after which the handler finds the end of the stream where the next request would begin.
     *
     * @param action what to do; if it fails, so does the connection
     */
    public fun onStopping(action: suspend () -> Unit)
}

private class Serving(
    private val server: RingServerSocket,
    private val options: ServeOptions,
    private val handler: suspend ConnectionScope.(RingSocket) -> Unit,
    parent: Job
) {
    private val stopping = Job(parent)
    private val connections = Job(parent)
    private val places = if (options.maxConnections == Int.MAX_VALUE) null else Semaphore(options.maxConnections)

    suspend fun run() {
        val failure = try {
            acceptUntilClosed()
            null
        } catch (e: IOException) {
            e
        }
        stopping.complete()
        connections.complete()
        val ended = withTimeoutOrNull(options.grace) { connections.join() }
        if (ended == null) connections.cancelAndJoin()
        if (failure != null) throw failure
    }

    /** A full house is waiting for a place and not for the socket, so that has to be told from outside. */
    private suspend fun acceptUntilClosed() = coroutineScope {
        var failure: IOException? = null
        val accepting = launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                places?.acquire()
                server.connections().collect { socket ->
                    begin(socket)
                    places?.acquire()
                }
            } catch (e: IOException) {
                failure = e
            }
        }
        server.whenClosed().whenComplete { _, _ -> accepting.cancel() }
        accepting.join()
        failure?.let { throw it }
    }

    /** Atomic: also a coroutine that is cancelled by now has to begin, to close its socket. */
    @OptIn(DelicateCoroutinesApi::class)
    private suspend fun begin(socket: RingSocket) {
        CoroutineScope(currentCoroutineContext() + connections).launch(start = CoroutineStart.ATOMIC) {
            try {
                val failure = handle(socket)
                if (failure != null) tell(socket, failure)
            } finally {
                places?.release()
            }
        }
    }

    /** Closes the connection in any case, and returns what deserves a report. */
    private suspend fun handle(socket: RingSocket): Throwable? {
        var failure: Throwable? = null
        try {
            currentCoroutineContext().ensureActive()
            coroutineScope { ServedConnection(this, stopping).run(handler, socket) }
        } catch (e: Throwable) {
            failure = e.takeUnless { endsQuietly(it, socket) }
        }
        try {
            socket.closeAndJoin()
        } catch (e: IOException) {
            failure?.addSuppressed(e) ?: run { failure = e }
        }
        return failure
    }

    private suspend fun endsQuietly(failure: Throwable, socket: RingSocket): Boolean = when (failure) {
        is TimeoutCancellationException -> !currentCoroutineContext().job.isActive
        is CancellationException, is RingClosedException -> true
        is ClosedChannelException -> !socket.isOpen
        else -> false
    }

    private suspend fun tell(socket: RingSocket, failure: Throwable) {
        val onFailure = options.onFailure
        if (onFailure != null) onFailure(socket, failure) else currentCoroutineContext().logFailure(socket, failure)
    }
}

private class ServedConnection(scope: CoroutineScope, private val stopping: Job) :
    ConnectionScope,
    CoroutineScope by scope {
    /** Parent of those that wait for the end. */
    private var watchers: CompletableJob? = null

    override val isStopping: Boolean get() = stopping.isCompleted

    suspend fun run(handler: suspend ConnectionScope.(RingSocket) -> Unit, socket: RingSocket) {
        try {
            handler(socket)
        } finally {
            synchronized(this) { watchers.also { watchers = ENDED } }?.cancel()
        }
    }

    override fun onStopping(action: suspend () -> Unit) {
        val parent = synchronized(this) { watchers ?: Job(coroutineContext.job).also { watchers = it } }
        CoroutineScope(coroutineContext + parent).launch(start = CoroutineStart.UNDISPATCHED) {
            stopping.join()
            action()
        }
    }

    private companion object {
        /** The parent of all that comes too late. */
        val ENDED = Job().also { it.cancel() }
    }
}
