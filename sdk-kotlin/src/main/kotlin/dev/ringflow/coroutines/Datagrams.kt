package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.RingClosedException
import dev.ringflow.buffer.RingBuffer
import dev.ringflow.net.DatagramInfo
import dev.ringflow.net.DatagramOptions
import dev.ringflow.net.DatagramSettings
import dev.ringflow.net.DatagramStream
import dev.ringflow.net.IncomingOptions
import dev.ringflow.net.MulticastMembership
import dev.ringflow.net.ReceivedDatagram
import dev.ringflow.net.RingDatagramSocket
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import java.net.NoRouteToHostException
import java.net.PortUnreachableException
import java.net.SocketAddress
import java.nio.ByteBuffer
import java.nio.channels.ClosedChannelException
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn

/**
 * Makes a socket for datagrams: UDP, or of unix sockets. The caller closes it.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. A socket that came all the
 * same is closed: a cancelled caller gets the `CancellationException` and never a socket.
 *
 * @param address where; port 0 lets the system choose, and the wildcard address takes IPv6 and IPv4 alike
 * @param options how it is made
 * @throws java.net.BindException if the address is taken
 * @throws java.io.IOException if the system reports another error
 * @throws UnsupportedOperationException for an option that the driver or kernel does not have
 * @throws java.nio.channels.UnresolvedAddressException if the address is not resolved
 * @throws dev.ringflow.RingClosedException if the ring is closed
 */
public suspend fun Ring.bind(
    address: SocketAddress,
    options: DatagramOptions = DatagramOptions.defaults()
): RingDatagramSocket =
    awaitResource(RingDatagramSocket::closeAsync) { RingDatagramSocket.bind(this, address, options, it) }

/**
 * Connects the socket: it sends to this peer, and receives from it alone, until it is connected to another.
 *
 * ### Cancellation
 *
 * It never waits: the call returns, and the next suspension point throws.
 *
 * @param peer the peer
 * @throws java.io.IOException if the system reports an error
 * @throws java.nio.channels.UnresolvedAddressException if the address is not resolved
 */
public suspend fun RingDatagramSocket.connect(peer: SocketAddress): Unit = awaitDone { connect(peer, it) }

/**
 * Undoes [connect]: the socket receives from anybody again, at the same port.
 *
 * ### Cancellation
 *
 * It never waits: the call returns, and the next suspension point throws.
 *
 * @throws java.io.IOException if the system reports an error
 */
public suspend fun RingDatagramSocket.disconnect(): Unit = awaitDone { disconnect(it) }

/**
 * Joins a multicast group.
 *
 * ### Cancellation
 *
 * It never waits: the call returns, and the next suspension point throws.
 *
 * @param membership what to receive
 * @throws java.io.IOException if the system reports an error, such as that it is joined already
 */
public suspend fun RingDatagramSocket.join(membership: MulticastMembership): Unit = awaitDone { join(membership, it) }

/**
 * Leaves a multicast group.
 *
 * ### Cancellation
 *
 * It never waits: the call returns, and the next suspension point throws.
 *
 * @param membership what was joined
 * @throws java.io.IOException if it was not joined
 */
public suspend fun RingDatagramSocket.leave(membership: MulticastMembership): Unit = awaitDone { leave(membership, it) }

/**
 * Closes the socket and suspends until it is closed: what is in flight on it is cancelled, and [datagrams] completes.
 * Closing again has no effect.
 *
 * ### Cancellation
 *
 * Not cancellable: it closes and waits also in a cancelled coroutine, as a `finally` block wants it.
 *
 * @throws java.io.IOException if the system reports an error at closing; the socket is closed all the same
 */
public suspend fun RingDatagramSocket.closeAndJoin() {
    closeAsync().awaitClosed()
}

/**
 * Sends what remains in [buffer], be it nothing, as one datagram, and moves its position behind the bytes.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be touched
 * by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If the datagram
 * was sent all the same, the call returns its length, and the next suspension point throws; otherwise it throws the
 * `CancellationException`.
 *
 * @param buffer where from
 * @param address the receiver, or null for the peer that the socket is connected to
 * @param settings what is different for this one; the driver `nio` has no such settings
 * @return the number of bytes: all that remained in the buffer
 * @throws java.net.SocketException if that is more than a datagram may have
 * @throws java.net.PortUnreachableException if an earlier datagram of a connected socket met a closed port
 * @throws java.nio.channels.NotYetConnectedException without an address on a socket that is not connected
 * @throws java.io.IOException if the system reports another error
 */
public suspend fun RingDatagramSocket.send(
    buffer: ByteBuffer,
    address: SocketAddress? = null,
    settings: DatagramSettings = DatagramSettings.NONE
): Int = await { send(buffer, address, settings, it) }

/**
 * Sends what remains in a pooled buffer. Otherwise as the form for [ByteBuffer].
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * As of the form for [ByteBuffer].
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @param address the receiver, or null for the peer that the socket is connected to
 * @param settings what is different for this one; the driver `nio` has no such settings
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.IOException as the form for [ByteBuffer]
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingDatagramSocket.send(
    buffer: RingBuffer,
    address: SocketAddress? = null,
    settings: DatagramSettings = DatagramSettings.NONE
): Int = await { send(buffer, address, settings, it) }

/**
 * Receives one datagram, and moves the position of [buffer] behind its bytes. An empty datagram is one like any other;
 * of one that is longer than what remains in the buffer the rest is lost, and [DatagramInfo.isTruncated] tells. For all
 * that come, [datagrams] is the better form.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be touched
 * by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If a datagram came
 * all the same, the call returns it, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: [info] tells which, by its length.
 *
 * @param buffer where to
 * @param info what is filled in and returned; one may serve any number of receives, one at a time
 * @return [info]
 * @throws java.net.PortUnreachableException if a datagram that the connected socket has sent met a closed port; the
 *     socket goes on
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
 */
public suspend fun RingDatagramSocket.receive(buffer: ByteBuffer, info: DatagramInfo = DatagramInfo()): DatagramInfo =
    await { receive(buffer, info, it) }

/**
 * Receives one datagram into a pooled buffer. Otherwise as the form for [ByteBuffer].
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * As of the form for [ByteBuffer].
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @param info what is filled in and returned; one may serve any number of receives, one at a time
 * @return [info]
 * @throws java.io.IOException as the form for [ByteBuffer]
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingDatagramSocket.receive(buffer: RingBuffer, info: DatagramInfo = DatagramInfo()): DatagramInfo =
    await { receive(buffer, info, it) }

/**
 * All datagrams that come to this socket, over one multishot receive where the kernel has it.
 *
 * ```
 * socket.datagrams().collect { datagram -> socket.send(datagram.byteBuffer(), datagram.sender()) }
 * ```
 *
 * The flow is cold: collecting it begins to receive, and each collector has a receive of its own, so that several share
 * what comes. It completes when the socket or its ring is closed. What the network says of datagrams that were sent,
 * such as a closed port, neither shows nor ends it: [DatagramStream.next] tells.
 *
 * ### Whose the buffers are
 *
 * A datagram is the collector's until its lambda returns; then the flow takes its buffer back. Whoever wants it longer
 * calls [ReceivedDatagram.retain] meanwhile, and closes it when done. Operators that put a queue between the flow and
 * the collector, such as `buffer` or `flowOn`, return before the collector has seen the datagram: turn it into
 * something else before them.
 *
 * ### Back-pressure
 *
 * A collector that suspends holds up the flow: when as many datagrams wait as [IncomingOptions.maxHeld] says, the
 * kernel is asked to receive no more; from then on it keeps what its buffer holds, and drops the rest, as UDP does.
 *
 * ### Cancellation
 *
 * When the collector is cancelled, fails, or has enough as with `first`, the receive is called off and its buffers are
 * recycled. Datagrams that came by then and were not emitted are lost.
 *
 * @param options which buffers, and how many of them
 * @return a cold flow; it fails with [java.io.IOException], and with [IllegalStateException] if the group of buffers is
 *     closed
 */
public fun RingDatagramSocket.datagrams(options: IncomingOptions = IncomingOptions.defaults()): Flow<ReceivedDatagram> =
    DatagramFlow(this, options)

private class DatagramFlow(private val socket: RingDatagramSocket, private val options: IncomingOptions) :
    Flow<ReceivedDatagram> {
    override suspend fun collect(collector: FlowCollector<ReceivedDatagram>) {
        socket.datagramStream(options).use { stream ->
            while (true) {
                val datagram = try {
                    stream.next()
                } catch (_: ClosedChannelException) {
                    return
                } catch (_: RingClosedException) {
                    return
                } catch (_: PortUnreachableException) {
                    continue
                } catch (_: NoRouteToHostException) {
                    continue
                }
                collector.emit(datagram)
            }
        }
    }

    override fun toString(): String = "datagrams of $socket"
}

/**
 * Takes the next datagram of a stream, for whoever wants to wait for it at his own pace and with a time limit.
 *
 * ### Cancellation
 *
 * The stream goes on: a call that throws the `CancellationException` has taken nothing, and the next call gets what
 * comes.
 *
 * @return a datagram, valid until the next call or the stream is closed, unless it is retained
 * @throws java.nio.channels.ClosedChannelException if the socket or the stream is closed
 * @throws java.net.PortUnreachableException if a datagram that the connected socket has sent met a closed port; the
 *     stream goes on
 * @throws java.io.IOException if the system reports an error
 * @throws IllegalStateException if somebody else waits, or the group of buffers is closed
 */
public suspend fun DatagramStream.next(): ReceivedDatagram = suspendCoroutineUninterceptedOrReturn { caller ->
    val call = NextDatagram(caller, this)
    call.throwIfCancelled()
    next(call)
    call.suspendOrTake()
}

private class NextDatagram(caller: Continuation<*>, private val stream: DatagramStream) :
    SuspendedCall<ReceivedDatagram>(caller) {
    override fun requestCancel() {
        stream.giveUp(this)
    }
}
