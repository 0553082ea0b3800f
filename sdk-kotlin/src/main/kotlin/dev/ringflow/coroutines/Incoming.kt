package dev.ringflow.coroutines

import dev.ringflow.buffer.ReceivedBuffer
import dev.ringflow.net.IncomingOptions
import dev.ringflow.net.IncomingStream
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.map

/**
 * All bytes that come on this connection, over one multishot receive where the kernel has it, in buffers that all
 * connections share: one on which nothing comes holds no memory.
 *
 * ```
 * socket.incoming().collect { bytes -> socket.sendFully(bytes) }
 * ```
 *
 * The flow is cold: collecting it begins to receive. While one collector is at it nobody else may receive from the
 * connection. It completes when the peer has shut its side down, and fails when the connection is lost, or is closed on
 * this side.
 *
 * A stream has no borders: what the peer sent at once may come in pieces, and two messages in one buffer. For lines,
 * numbers and blocks see [readChannel].
 *
 * ### Whose the buffers are
 *
 * A buffer is the collector's until its lambda returns; then the flow takes it back, and any use of it is an
 * [IllegalStateException]. Whoever wants it longer calls [ReceivedBuffer.retain] meanwhile, and closes it when done.
 *
 * Operators that put a queue between the flow and the collector, such as `buffer`, `flowOn`, `conflate`, `timeout` or
 * `produceIn`, return before the collector has seen the buffer. Turn the bytes into something else before them, as
 * [copied] does, or take the buffers from [incomingIn], which loses none.
 *
 * ### Back-pressure
 *
 * A collector that suspends holds up the flow: when as many buffers wait as [IncomingOptions.maxHeld] says, the kernel
 * is asked to receive no more; from then on bytes wait in the kernel, and when its memory is full, with the peer. It
 * goes on when half of them are back. The same happens while all buffers of the group are held by others.
 *
 * ### Cost
 *
 * On `ring.dispatcher` there is no thread and no queue between the kernel and the collector, and what is there already
 * comes without suspending.
 *
 * ### Cancellation
 *
 * When the collector is cancelled, fails, or has enough as with `first`, the receive is called off and its buffers are
 * recycled. Bytes that came by then and were not emitted are lost. For waiting with a time limit and going on, see
 * [IncomingStream.next].
 *
 * @param options which buffers, and how many of them
 * @return a cold flow; it fails with [java.io.IOException], and with [IllegalStateException] if somebody else receives
 *     or the group of buffers is closed
 */
public fun RingSocket.incoming(options: IncomingOptions = IncomingOptions.defaults()): Flow<ReceivedBuffer> =
    IncomingFlow(this, options)

/** Emits without what `flow { }` does around each emission: a look at the job, and a check of the context. */
private class IncomingFlow(private val socket: RingSocket, private val options: IncomingOptions) :
    Flow<ReceivedBuffer> {
    override suspend fun collect(collector: FlowCollector<ReceivedBuffer>) {
        socket.incomingStream(options).use { stream ->
            watchingJob(stream) { taker ->
                while (true) collector.emit(taker.next() ?: break)
            }
        }
    }

    override fun toString(): String = "incoming of $socket"
}

/**
 * Takes the next bytes of a stream, for whoever wants to wait for them at his own pace and with a time limit.
 *
 * ```
 * socket.incomingStream().use { stream ->
 *     while (true) {
 *         val bytes = withTimeout(30.seconds) { stream.next() } ?: break
 *         …
 *     }
 * }
 * ```
 *
 * ### Cancellation
 *
 * The stream goes on, and loses nothing: a call that throws the `CancellationException` has taken no bytes, and the
 * next call gets them. On `ring.dispatcher` that holds for `withTimeout`, too. On other dispatchers a time limit may
 * run out after the bytes have been handed to the coroutine and before it has returned from `withTimeout`, which then
 * throws them away.
 *
 * @return a buffer, valid until the next call or the stream is closed, unless it is retained; null when the peer has
 *     shut its side down
 * @throws java.nio.channels.ClosedChannelException if the connection or the stream is closed
 * @throws java.io.IOException if the connection is lost
 * @throws IllegalStateException if somebody else waits, or receives from the connection, or the group of buffers is
 *     closed
 */
public suspend fun IncomingStream.next(): ReceivedBuffer? = watchingJob(this) { it.next() }

/**
 * The bytes as arrays of their own, for operators with queues such as `buffer` and `flowOn`, and for keeping. Costs a
 * copy and memory on the heap.
 */
public fun Flow<ReceivedBuffer>.copied(): Flow<ByteArray> = map { it.toByteArray() }

/** Copies what remains in the buffer, and leaves its position. */
public fun ReceivedBuffer.toByteArray(): ByteArray {
    val bytes = byteBuffer()
    return ByteArray(bytes.remaining()).also { bytes.get(bytes.position(), it) }
}
