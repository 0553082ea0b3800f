package dev.ringflow.coroutines

import kotlinx.io.Buffer
import kotlinx.io.bytestring.ByteString
import kotlinx.io.write
import kotlinx.io.writeString
import java.io.IOException
import java.nio.ByteBuffer

/**
 * Writes numbers, lines and blocks to a [SuspendingSink]: the suspending counterpart of [kotlinx.io.Sink]. See
 * [writeChannel] for connections, and [buffered] for everything else.
 *
 * ```
 * val output = socket.writeChannel()
 * output.writeLine("HELLO")
 * output.flush()
 * ```
 *
 * What is written gathers in [buffer], and goes to the sink when [flush] is called, or when 64 KiB have gathered: then
 * the call that writes them suspends until the sink has taken them, so that a peer who does not read holds up the
 * writer.
 *
 * For one coroutine at a time. Numbers are big-endian; for others write to [buffer]. Needs the library
 * `kotlinx-io-core`.
 *
 * ### Cancellation
 *
 * What the sink has not taken when a call is cancelled stays in [buffer]. Of a connection see [writeChannel].
 */
public class WriteChannel internal constructor(private val sink: SuspendingSink) : SuspendingSink {
    private var closed = false

    /**
     * What was written and not handed on yet. It may be written to directly, with all that kotlinx-io offers; it is
     * handed on by the next call to a function of this channel that has cause to.
     */
    public val buffer: Buffer = Buffer()

    /**
     * Writes a byte.
     *
     * @throws IllegalStateException if this channel is closed
     * @throws IOException if the sink fails
     */
    public suspend fun writeByte(byte: Byte): Unit = written { buffer.writeByte(byte) }

    /**
     * Writes a number of two bytes.
     *
     * @throws IllegalStateException if this channel is closed
     * @throws IOException if the sink fails
     */
    public suspend fun writeShort(short: Short): Unit = written { buffer.writeShort(short) }

    /**
     * Writes a number of four bytes.
     *
     * @throws IllegalStateException if this channel is closed
     * @throws IOException if the sink fails
     */
    public suspend fun writeInt(int: Int): Unit = written { buffer.writeInt(int) }

    /**
     * Writes a number of eight bytes.
     *
     * @throws IllegalStateException if this channel is closed
     * @throws IOException if the sink fails
     */
    public suspend fun writeLong(long: Long): Unit = written { buffer.writeLong(long) }

    /**
     * Writes text as UTF-8.
     *
     * @throws IllegalStateException if this channel is closed
     * @throws IOException if the sink fails
     */
    public suspend fun writeString(text: String): Unit = written { buffer.writeString(text) }

    /**
     * Writes a line as UTF-8.
     *
     * @param line the line without its end
     * @param end what ends it; many protocols want `"\r\n"`
     * @throws IllegalStateException if this channel is closed
     * @throws IOException if the sink fails
     */
    public suspend fun writeLine(line: String, end: String = "\n"): Unit = written {
        buffer.writeString(line)
        buffer.writeString(end)
    }

    /**
     * Writes a part of an array, which may be used again when the call returns.
     *
     * @throws IllegalStateException if this channel is closed
     * @throws IOException if the sink fails
     * @throws IndexOutOfBoundsException if the indices are not those of a part of [source]
     */
    public suspend fun writeFully(source: ByteArray, startIndex: Int = 0, endIndex: Int = source.size) {
        writeFully(ByteBuffer.wrap(source, startIndex, endIndex - startIndex))
    }

    /**
     * Writes what remains in [source], and moves its position behind it. It may be used again when the call returns.
     *
     * @throws IllegalStateException if this channel is closed
     * @throws IOException if the sink fails
     */
    public suspend fun writeFully(source: ByteBuffer) {
        val limit = source.limit()
        try {
            do {
                source.limit(minOf(limit.toLong(), source.position() + PART).toInt())
                written { buffer.write(source) }
            } while (source.limit() < limit)
        } finally {
            source.limit(limit)
        }
    }

    /**
     * Writes a string of bytes.
     *
     * @throws IllegalStateException if this channel is closed
     * @throws IOException if the sink fails
     */
    public suspend fun writeFully(source: ByteString): Unit = written { buffer.write(source) }

    /**
     * Writes [byteCount] bytes from [source]; whole segments are moved, not copied.
     *
     * @throws IllegalStateException if this channel is closed
     * @throws IOException if the sink fails
     * @throws IllegalArgumentException if [byteCount] is negative, or more than [source] holds
     */
    override suspend fun write(source: Buffer, byteCount: Long): Unit = written { buffer.write(source, byteCount) }

    private suspend inline fun written(write: () -> Unit) {
        check(!closed) { "The channel is closed" }
        write()
        if (buffer.size >= PART) sink.write(buffer, buffer.size)
    }

    /**
     * Hands on what has gathered, and suspends until the sink has it all.
     *
     * @throws IllegalStateException if this channel is closed
     * @throws IOException if the sink fails; what it did not take is still in [buffer]
     */
    override suspend fun flush() {
        check(!closed) { "The channel is closed" }
        if (!buffer.exhausted()) sink.write(buffer, buffer.size)
        sink.flush()
    }

    /**
     * Hands on what has gathered, and closes the sink, also if handing on fails or the caller is cancelled: then what
     * has gathered is dropped. Closing again has no effect.
     *
     * @throws IOException if the sink fails; it is closed all the same
     */
    override suspend fun close() {
        if (closed) return
        try {
            flush()
        } finally {
            closed = true
            buffer.clear()
            sink.close()
        }
    }

    override fun toString(): String = "WriteChannel($sink)"
}

/**
 * Writes numbers, lines and blocks to this sink, 64 KiB at a time or when it is flushed. Closing the channel flushes
 * it and closes the sink.
 */
public fun SuspendingSink.buffered(): WriteChannel = WriteChannel(this)

private const val PART = 64L * 1024
