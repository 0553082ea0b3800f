package dev.ringflow.coroutines

import dev.ringflow.OpenDescriptor
import dev.ringflow.Ring
import dev.ringflow.RingCallback
import dev.ringflow.buffer.ReceivedBuffer
import dev.ringflow.net.ConnectOptions
import dev.ringflow.net.IncomingOptions
import dev.ringflow.net.ListenOptions
import dev.ringflow.net.PeerCredentials
import dev.ringflow.net.ReceivedDescriptors
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import dev.ringflow.net.RingSocketOption
import dev.ringflow.net.RingSocketOptions
import java.net.SocketAddress
import java.net.SocketOption
import java.nio.ByteBuffer

/**
 * Listens for connections of TCP or of unix sockets, with options. The caller closes the socket.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. A socket that came all the
 * same is closed: a cancelled caller gets the `CancellationException` and never a socket.
 *
 * @param address where; port 0 lets the system choose, and [RingServerSocket.localAddress] tells which
 * @param options how the socket is made
 * @throws java.net.BindException if the address is taken
 * @throws java.io.IOException if the system reports another error
 * @throws UnsupportedOperationException if the driver does not have one of the options
 * @throws dev.ringflow.RingClosedException if the ring is closed
 */
public suspend fun Ring.listen(address: SocketAddress, options: ListenOptions): RingServerSocket =
    awaitResource(RingServerSocket::closeAsync) { RingServerSocket.listen(this, address, options, it) }

/**
 * Connects to a server of TCP or of a unix socket, with options. The caller closes the socket.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. A connection that came all the
 * same is closed: a cancelled caller gets the `CancellationException` and never a connection.
 *
 * @param address the server
 * @param options how the connection is made, and how long that may take
 * @throws java.net.ConnectException if the server refuses
 * @throws java.io.IOException if the system reports another error, or the time is over
 * @throws UnsupportedOperationException if the driver does not have one of the options
 * @throws dev.ringflow.RingClosedException if the ring is closed
 */
public suspend fun Ring.connect(address: SocketAddress, options: ConnectOptions): RingSocket =
    awaitResource(RingSocket::closeAsync) { RingSocket.connect(this, address, options, it) }

/**
 * Asks for an option's value; see [RingSocketOptions.getOptionAsync].
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered.
 *
 * @param option one of [java.net.StandardSocketOptions], [RingSocketOption] or `jdk.net.ExtendedSocketOptions`
 * @throws UnsupportedOperationException if this socket does not have the option with this driver
 * @throws java.io.IOException if the system refuses
 */
public suspend fun <T : Any> RingSocketOptions.getOption(option: SocketOption<T>): T = await { getOption(option, it) }

/**
 * Sets an option; see [RingSocketOptions.setOptionAsync].
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the option was set all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @param option as for [getOption]
 * @param value its value
 * @throws UnsupportedOperationException if this socket does not have the option with this driver, or it cannot be set
 * @throws java.io.IOException if the system refuses
 * @throws IllegalArgumentException if the value is not of the option's type
 */
public suspend fun <T : Any> RingSocketOptions.setOption(option: SocketOption<T>, value: T): Unit =
    awaitDone { setOption(option, value, it) }

/**
 * Shuts the receiving side down: a receive that waits tells the end of the stream, and so do later ones, [incoming] and
 * the [readChannel] among them; sending goes on. What it means for the peer, see [RingSocket.shutdownInputAsync].
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @throws java.io.IOException if the system reports an error
 */
public suspend fun RingSocket.shutdownInput(): Unit = awaitDone { shutdownInput(it) }

/**
 * Closes the connection without any courtesy, and suspends until it is closed: what was not sent yet is thrown away,
 * and a peer of TCP gets a reset; see [RingSocket.abortAsync].
 *
 * ### Cancellation
 *
 * Not cancellable: it closes and waits also in a cancelled coroutine.
 *
 * @throws java.io.IOException if the system reports an error at closing; the socket is closed all the same
 */
public suspend fun RingSocket.abort() {
    abortAsync().awaitClosed()
}

/**
 * Who is at the other side of a unix socket.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered.
 *
 * @throws UnsupportedOperationException if this is no unix socket
 * @throws java.io.IOException if the system refuses
 */
public suspend fun RingSocket.peerCredentials(): PeerCredentials = getOption(RingSocketOption.SO_PEERCRED)

/**
 * Sends up to as many bytes as remain in [buffer], and open files with the first of them, over a unix socket; see
 * [RingSocket.sendDescriptorsAsync]. Not by the driver nio.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were sent
 * all the same, and the open files with them, the call returns their number, and the next suspension point throws.
 *
 * @param buffer where from; at least 1 byte must remain
 * @param descriptors open files and sockets of the same ring, which stay open here
 * @return the number of bytes, at least 1
 * @throws UnsupportedOperationException on the driver nio, and for files that have no descriptor of the process
 * @throws java.io.IOException if the system reports an error
 * @throws IllegalArgumentException if nothing remains in the buffer, there are no descriptors or too many, or one is of
 *     another ring
 */
public suspend fun RingSocket.sendDescriptors(buffer: ByteBuffer, descriptors: List<OpenDescriptor>): Int =
    await { sendDescriptors(buffer, descriptors, it) }

/**
 * Receives at least 1, and up to as many bytes as remain in [buffer], and the open files that came with them, over a
 * unix socket; see [RingSocket.receiveDescriptorsAsync]. Not by the driver nio.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. Open files that
 * came all the same are closed, and the bytes that they came with are lost: a cancelled caller gets the
 * `CancellationException`.
 *
 * @param buffer where to
 * @param most how many open files to take at most
 * @return the number of bytes and the open files; the caller takes those that he wants and closes it
 * @throws UnsupportedOperationException on the driver nio
 * @throws java.io.IOException if the system reports an error
 */
public suspend fun RingSocket.receiveDescriptors(buffer: ByteBuffer, most: Int): ReceivedDescriptors =
    awaitResource(ReceivedDescriptors::close) { receiveDescriptors(buffer, most, it) }

/**
 * Takes the connection to another ring of the same driver, where it lives on as a new object; see
 * [RingSocket.moveToAsync]. Nothing may be in flight on it.
 *
 * ### Cancellation
 *
 * The move is not called off, but a cancelled caller gets the `CancellationException`, and the connection is closed.
 *
 * @param other another ring
 * @return the connection there, which the caller closes; this one is closed from then on, and the peer notices nothing
 * @throws IllegalStateException if something is in flight
 * @throws java.nio.channels.ClosedChannelException if this socket is closed
 * @throws dev.ringflow.RingClosedException if one of the rings is, which closes the connection
 * @throws IllegalArgumentException if the rings have different drivers
 */
public suspend fun RingSocket.moveTo(other: Ring): RingSocket =
    awaitResource(RingSocket::closeAsync) { moveTo(other, it) }

/**
 * Receives once into whichever buffer of a group is free, so that no memory waits for the bytes. While it waits nobody
 * else may receive into a group from the connection.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. Bytes that came all the same
 * are lost, and their buffer is given back: a cancelled caller gets the `CancellationException`. For time limits that
 * lose nothing see [dev.ringflow.net.IncomingStream.next] and [readChannel].
 *
 * @param options which buffers
 * @return a buffer with at least one byte, which is retained: the caller closes it; null when the peer has shut its
 *     side down
 * @throws java.io.IOException if the system reports an error
 * @throws IllegalStateException if somebody else receives, or the group of buffers is closed
 * @throws IllegalArgumentException if the group belongs to another ring
 */
@Suppress("UNCHECKED_CAST") // a callback that is told what it is told
public suspend fun RingSocket.receive(options: IncomingOptions = IncomingOptions.defaults()): ReceivedBuffer? {
    val received: Any = awaitResource({ (it as? ReceivedBuffer)?.close() }) {
        receive(options, it as RingCallback<ReceivedBuffer?>)
    }
    return received as? ReceivedBuffer
}
