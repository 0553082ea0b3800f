package dev.ringflow.coroutines

import dev.ringflow.buffer.ReceivedBuffer
import dev.ringflow.net.RingSocket
import java.nio.ByteBuffer

/**
 * Sends all of what remains in a buffer that was received into, in its turn behind others that send fully. No copy.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffer. If everything was
 * sent by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, and if some bytes went out the connection will send no more.
 *
 * @param buffer one that is being delivered, or was retained; it may be closed at any time, and is received into again
 *     when the kernel has let go
 * @return the number of bytes
 * @throws java.io.IOException if the system reports an error
 * @throws IllegalStateException if the buffer is no longer valid
 */
public suspend fun RingSocket.sendFully(buffer: ReceivedBuffer): Int = await { sendFully(buffer, it) }

/**
 * Sends from several buffers, one after the other, in one operation; see sendmsg(2). Moves the position of each behind
 * what was sent of it.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffers. If bytes were
 * sent all the same, the call returns their number, and the next suspension point throws.
 *
 * @param buffers where from; the kernel's until the call returns
 * @return the number of bytes, at least 1 unless nothing remains
 * @throws java.io.IOException if the system reports an error
 */
public suspend fun RingSocket.send(vararg buffers: ByteBuffer): Long = await { send(buffers, it) }

/**
 * Sends until nothing remains in any of the buffers, in its turn behind others that send fully: a head and a body
 * without putting them together.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the buffers. If everything was
 * sent by then it returns normally, and the next suspension point throws; otherwise it throws the
 * `CancellationException`, the positions tell what was sent, and if that was anything the connection will send no more.
 *
 * @param buffers where from; the kernel's until the call returns
 * @return the number of bytes: all that remained
 * @throws java.io.IOException if the system reports an error
 */
public suspend fun RingSocket.sendFully(vararg buffers: ByteBuffer): Long = await { sendFully(buffers, it) }

/**
 * Sends on all that comes in over this connection, until the peer has shut its sending side down, which is passed on to
 * [target]: one direction of a proxy, without a copy where the kernel can; see [RingSocket.pipeToAsync].
 *
 * ```
 * coroutineScope {
 *     launch { client.pipeTo(server) }
 *     server.pipeTo(client)
 * }
 * ```
 *
 * ### Cancellation
 *
 * Cancelling ends it, and the call returns when the kernel has let go. Bytes on their way are lost then, and if there
 * were any [target] will send no more.
 *
 * @param target another connection on the same ring
 * @return the number of bytes that reached the target
 * @throws java.io.IOException if the system reports an error on either side
 * @throws IllegalArgumentException if the target is on another ring
 */
public suspend fun RingSocket.pipeTo(target: RingSocket): Long = await { pipeTo(target, it) }
