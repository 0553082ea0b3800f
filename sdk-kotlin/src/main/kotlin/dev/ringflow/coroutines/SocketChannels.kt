package dev.ringflow.coroutines

import dev.ringflow.buffer.ReceivedBuffer
import dev.ringflow.net.RingSocket
import kotlinx.io.Buffer

/**
 * Reads numbers, lines and blocks from the connection.
 *
 * ```
 * server.serve { socket ->
 *     val input = socket.readChannel()
 *     val output = socket.writeChannel()
 *     input.lines().collect { line ->
 *         output.writeLine(line.reversed())
 *         output.flush()
 *     }
 * }
 * ```
 *
 * Make one and keep it: what it has received and not returned yet is in the channel and nowhere else, and from its
 * first reading until it is closed nobody else may receive from the connection. While it waits for bytes it holds no
 * memory. Closing it does not close the connection, whose owner does; bytes that came by then are lost.
 *
 * **Copies**: one, from the memory that the kernel received into to the segments of the channel's buffer. For none, see
 * [incoming].
 *
 * Any dispatcher, the ring's own included. Needs the library `kotlinx-io-core`.
 *
 * ### Cancellation
 *
 * As [ReadChannel] says: nothing is lost, and the channel can be read on, also after a `withTimeout` that ran out.
 */
public fun RingSocket.readChannel(): ReadChannel = asSuspendingSource().buffered()

/**
 * Writes numbers, lines and blocks to the connection.
 *
 * Closing it sends what has gathered and shuts the sending side of the connection down, so that the peer reads the end;
 * the connection stays open, for its owner to close. What was not flushed when the connection is closed is not sent.
 *
 * **Copies**: one, from the segments of the channel's buffer into direct memory that the ring lends.
 *
 * Any dispatcher, the ring's own included. Needs the library `kotlinx-io-core`.
 *
 * ### Cancellation
 *
 * What goes out in one call goes out whole or is cut off: when a call is cancelled after the kernel has taken some of
 * the bytes, the rest is still in [WriteChannel.buffer], but the connection will send no more, and later calls fail
 * with [java.net.SocketException]. A call that was cancelled before the first byte went out changes nothing.
 */
public fun RingSocket.writeChannel(): WriteChannel = asSuspendingSink().buffered()

/**
 * What the peer sends, as a [SuspendingSource]. For one coroutine at a time. Closing it does not close the connection.
 *
 * **Copies**: one, as with [readChannel].
 *
 * Needs the library `kotlinx-io-core`.
 */
public fun RingSocket.asSuspendingSource(): SuspendingSource = SocketSource(this)

/**
 * The sending side of the connection as a [SuspendingSink]. Each `write` goes out whole, whoever else sends fully on
 * the connection. Closing it shuts the sending side down, and leaves the connection open.
 *
 * **Copies**: one, as with [writeChannel].
 *
 * Needs the library `kotlinx-io-core`.
 */
public fun RingSocket.asSuspendingSink(): SuspendingSink = SocketSink(this)

private class SocketSource(private val socket: RingSocket) : SuspendingSource {
    private val stream = socket.incomingStream()
    private var closed = false

    /** A buffer of which a part was taken. */
    private var begun: ReceivedBuffer? = null

    override suspend fun readAtMostTo(sink: Buffer, byteCount: Long): Long {
        check(!closed) { "The source is closed" }
        require(byteCount >= 0) { "byteCount must not be negative, got $byteCount" }
        if (byteCount == 0L) return 0
        val received = begun ?: stream.next() ?: return -1
        val bytes = received.byteBuffer()
        val part = minOf(byteCount, bytes.remaining().toLong()).toInt()
        sink.appendFrom(bytes.slice(bytes.position(), part))
        bytes.position(bytes.position() + part)
        begun = if (bytes.hasRemaining()) received else null
        if (begun == null) received.close()
        return part.toLong()
    }

    override suspend fun close() {
        closed = true
        begun = null
        stream.close()
    }

    override fun toString() = socket.toString()
}

private class SocketSink(private val socket: RingSocket) : SuspendingSink {
    private var closed = false

    override suspend fun write(source: Buffer, byteCount: Long) {
        check(!closed) { "The sink is closed" }
        require(byteCount >= 0) { "byteCount must not be negative, got $byteCount" }
        require(byteCount <= source.size) { "The source holds ${source.size} bytes, not $byteCount" }
        var left = byteCount
        while (left > 0) left -= send(source, left)
    }

    /** Sends one part, and consumes what the kernel took, also when it fails half way. */
    private suspend fun send(source: Buffer, left: Long): Int = socket.ring().withSegmentMemory { memory ->
        memory.limit(minOf(left, memory.capacity().toLong()).toInt())
        source.copyHeadInto(memory)
        memory.flip()
        try {
            socket.sendFully(memory)
        } finally {
            source.skip(memory.position().toLong())
        }
    }

    override suspend fun flush() {
        check(!closed) { "The sink is closed" }
    }

    override suspend fun close() {
        if (closed) return
        closed = true
        socket.shutdownOutput()
    }

    override fun toString() = socket.toString()
}
