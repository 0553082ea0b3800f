package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.buffer.RingBuffer
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import java.net.SocketAddress
import java.nio.ByteBuffer

/**
 * Listens for TCP connections. The caller closes the socket.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. A socket that came all the
 * same is closed: a cancelled caller gets the `CancellationException` and never a socket.
 *
 * @param address where; port 0 lets the system choose, and [RingServerSocket.localAddress] tells which
 * @param backlog how many connections the kernel keeps waiting, at least 1
 * @throws java.net.BindException if the address is taken
 * @throws java.io.IOException if the system reports another error
 * @throws java.nio.channels.UnresolvedAddressException if the address is not resolved
 * @throws IllegalArgumentException if [backlog] is less than 1
 * @throws dev.ringflow.RingClosedException if the ring is closed
 */
public suspend fun Ring.listen(
    address: SocketAddress,
    backlog: Int = RingServerSocket.DEFAULT_BACKLOG
): RingServerSocket =
    awaitResource(RingServerSocket::closeAsync) { RingServerSocket.listen(this, address, backlog, it) }

/**
 * Connects to a TCP server. `TCP_NODELAY` is set. The caller closes the socket.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. A connection that came all the
 * same is closed: a cancelled caller gets the `CancellationException` and never a connection.
 *
 * @param address the server
 * @throws java.net.ConnectException if the server refuses
 * @throws java.io.IOException if the system reports another error
 * @throws java.nio.channels.UnresolvedAddressException if the address is not resolved
 * @throws dev.ringflow.RingClosedException if the ring is closed
 */
public suspend fun Ring.connect(address: SocketAddress): RingSocket =
    awaitResource(RingSocket::closeAsync) { RingSocket.connect(this, address, it) }

/**
 * Accepts one connection. The caller closes it. For all that come, [connections] is the better form.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. A connection that came all the
 * same is closed: a cancelled caller gets the `CancellationException` and never a connection.
 *
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 */
public suspend fun RingServerSocket.accept(): RingSocket = awaitResource(RingSocket::closeAsync) { accept(it) }

/**
 * Receives at least 1, and up to as many bytes as remain in [buffer], and moves its position behind them.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be touched
 * by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were
 * received all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: the buffer's position tells which.
 *
 * @param buffer where to
 * @return the number of bytes, -1 when the peer has shut its side down, 0 if nothing remains in the buffer
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
 */
public suspend fun RingSocket.receive(buffer: ByteBuffer): Int = await { receive(buffer, it) }

/**
 * Receives into a pooled buffer. Otherwise as the form for [ByteBuffer].
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were
 * received all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: the buffer's position tells which.
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @return the number of bytes, -1 when the peer has shut its side down, 0 if nothing remains in the buffer
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingSocket.receive(buffer: RingBuffer): Int = await { receive(buffer, it) }

/**
 * Receives until nothing remains in [buffer], in as many operations as that takes.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be touched
 * by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything was
 * received by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and the buffer's position tells what was received.
 *
 * @param buffer where to
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.EOFException if the peer shuts its side down before; the buffer's position tells what was received
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
 */
public suspend fun RingSocket.receiveFully(buffer: ByteBuffer): Int = await { receiveFully(buffer, it) }

/**
 * Receives until nothing remains in a pooled buffer, in as many operations as that takes.
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything was
 * received by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and the buffer's position tells what was received.
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.EOFException if the peer shuts its side down before; the buffer's position tells what was received
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingSocket.receiveFully(buffer: RingBuffer): Int = await { receiveFully(buffer, it) }

/**
 * Sends up to as many bytes as remain in [buffer], and moves its position behind them.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be touched
 * by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were sent
 * all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: the buffer's position tells which.
 *
 * @param buffer where from
 * @return the number of bytes, at least 1 unless nothing remains
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 */
public suspend fun RingSocket.send(buffer: ByteBuffer): Int = await { send(buffer, it) }

/**
 * Sends up to as many bytes as remain in a pooled buffer. Otherwise as the form for [ByteBuffer].
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If bytes were sent
 * all the same, the call returns their number, and the next suspension point throws; otherwise it throws the
 * `CancellationException`. A `withTimeout` around the call throws in both cases: the buffer's position tells which.
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @return the number of bytes, at least 1 unless nothing remains
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingSocket.send(buffer: RingBuffer): Int = await { send(buffer, it) }

/**
 * Sends until nothing remains in [buffer], in as many operations as that takes, and in its turn: what others send
 * fully on the connection goes out whole before it or after it.
 *
 * The buffer belongs to the kernel until the call returns: neither its content nor its position or limit may be touched
 * by anybody. A direct buffer is used as it is; a heap buffer costs a copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything was
 * sent by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, the buffer's position tells what was sent, and if that was anything the connection will
 * send no more: later calls fail with [java.net.SocketException].
 *
 * @param buffer where from
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 */
public suspend fun RingSocket.sendFully(buffer: ByteBuffer): Int = await { sendFully(buffer, it) }

/**
 * Sends until nothing remains in a pooled buffer, in as many operations as that takes.
 *
 * The lease may be closed at any time; its memory goes back to the pool when the kernel has let go.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything was
 * sent by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, the buffer's position tells what was sent, and if that was anything the connection will
 * send no more: later calls fail with [java.net.SocketException].
 *
 * @param buffer a lease, whose position moves behind the bytes
 * @return the number of bytes: all that remained in the buffer
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 * @throws IllegalStateException if the lease is closed
 */
public suspend fun RingSocket.sendFully(buffer: RingBuffer): Int = await { sendFully(buffer, it) }

/**
 * Shuts the sending side down: the peer reads the end of the stream, and can still send. See shutdown(2).
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has answered. If the system did it all the
 * same, the call returns normally, and the next suspension point throws.
 *
 * @throws java.io.IOException if the system reports an error; a closed socket or ring gives the exceptions that
 *     [dev.ringflow.file.RingFile] names
 */
public suspend fun RingSocket.shutdownOutput(): Unit = awaitDone { shutdownOutput(it) }
