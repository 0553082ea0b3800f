package dev.ringflow.coroutines

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.io.Buffer
import kotlinx.io.bytestring.ByteString
import kotlinx.io.indexOf
import kotlinx.io.readAtMostTo
import kotlinx.io.readByteArray
import kotlinx.io.readByteString
import kotlinx.io.readString
import kotlinx.io.readTo
import java.io.EOFException
import java.io.IOException
import java.nio.ByteBuffer

/**
 * Reads numbers, lines and blocks from a [SuspendingSource]: the suspending counterpart of [kotlinx.io.Source]. See
 * [readChannel] for connections, and [buffered] for everything else.
 *
 * ```
 * val input = socket.readChannel()
 * while (true) {
 *     val line = input.readLine() ?: break
 *     …
 * }
 * ```
 *
 * A call suspends only when what it needs has not come yet, and takes from the source no more than one part at a time,
 * so a peer that sends faster than it is read from is held up.
 *
 * For one coroutine at a time. Numbers are big-endian; for others see [request]. Needs the library `kotlinx-io-core`.
 *
 * ### Cancellation
 *
 * Nothing is lost: what came from the source and was not returned stays in [buffer], and the next call finds it. So
 * does what a call had read when a `withTimeout` around it ran out. Calls that fill memory of the caller's,
 * [readFully] and [readAvailable], take their bytes only when they return.
 */
public class ReadChannel internal constructor(private val source: SuspendingSource) : SuspendingSource {
    private var closed = false
    private var linesBefore = 0L

    /**
     * What has come and was not read yet. It may be read from directly, with all that kotlinx-io offers; whoever does
     * so asks for the bytes before, with [request].
     */
    public val buffer: Buffer = Buffer()

    /** Takes one part from the source; false at its end. */
    private suspend fun fill(): Boolean {
        check(!closed) { "The channel is closed" }
        return source.readAtMostTo(buffer, PART) >= 0
    }

    /**
     * Suspends until at least [byteCount] bytes are in [buffer].
     *
     * ```
     * if (input.request(8)) input.buffer.readDoubleLe()
     * ```
     *
     * @return false if the source ends before; then [buffer] has all that is left
     * @throws IllegalArgumentException if [byteCount] is negative
     * @throws IllegalStateException if this channel is closed
     * @throws IOException if the source fails
     */
    public suspend fun request(byteCount: Long): Boolean {
        require(byteCount >= 0) { "byteCount must not be negative, got $byteCount" }
        while (buffer.size < byteCount) {
            if (!fill()) return false
        }
        return true
    }

    private suspend fun need(byteCount: Long) {
        if (!request(byteCount)) throw EOFException("The source ends ${byteCount - buffer.size} bytes too early")
    }

    /**
     * Whether the source is at its end and everything was read; suspends until that is known.
     *
     * @throws IllegalStateException if this channel is closed
     * @throws IOException if the source fails
     */
    public suspend fun exhausted(): Boolean = !request(1)

    /**
     * Reads a byte.
     *
     * @throws EOFException if the source ends before
     * @throws IOException if the source fails
     */
    public suspend fun readByte(): Byte {
        need(Byte.SIZE_BYTES.toLong())
        return buffer.readByte()
    }

    /**
     * Reads a number of two bytes.
     *
     * @throws EOFException if the source ends before; what it had left is still there
     * @throws IOException if the source fails
     */
    public suspend fun readShort(): Short {
        need(Short.SIZE_BYTES.toLong())
        return buffer.readShort()
    }

    /**
     * Reads a number of four bytes.
     *
     * @throws EOFException if the source ends before; what it had left is still there
     * @throws IOException if the source fails
     */
    public suspend fun readInt(): Int {
        need(Int.SIZE_BYTES.toLong())
        return buffer.readInt()
    }

    /**
     * Reads a number of eight bytes.
     *
     * @throws EOFException if the source ends before; what it had left is still there
     * @throws IOException if the source fails
     */
    public suspend fun readLong(): Long {
        need(Long.SIZE_BYTES.toLong())
        return buffer.readLong()
    }

    /**
     * Reads a block of a known size.
     *
     * @param byteCount how many; they are all in memory, so bound what a peer may ask for
     * @throws EOFException if the source ends before; what it had left is still there
     * @throws IOException if the source fails
     * @throws IllegalArgumentException if [byteCount] is negative
     */
    public suspend fun readByteArray(byteCount: Int): ByteArray {
        need(byteCount.toLong())
        return buffer.readByteArray(byteCount)
    }

    /**
     * Reads a text whose size in bytes is known, as UTF-8.
     *
     * @param byteCount how many bytes; they are all in memory, so bound what a peer may ask for
     * @throws EOFException if the source ends before; what it had left is still there
     * @throws IOException if the source fails
     * @throws IllegalArgumentException if [byteCount] is negative
     */
    public suspend fun readString(byteCount: Int): String {
        need(byteCount.toLong())
        return buffer.readString(byteCount.toLong())
    }

    /**
     * Reads a line of UTF-8, without its end, which is `\n` or `\r\n`. What follows the last end of line is a line too,
     * if there is anything.
     *
     * @param maxLength how many bytes a line may have, without its end
     * @return null if the source is at its end
     * @throws LineTooLongException if there are more; they are still in [buffer]
     * @throws IOException if the source fails
     * @throws IllegalArgumentException if [maxLength] is negative
     */
    public suspend fun readLine(maxLength: Int = MOST_IN_A_PIECE): String? {
        require(maxLength >= 0) { "maxLength must not be negative, got $maxLength" }
        val end = find(maxLength + 2L) { buffer.indexOf(LF, it) }
        val size = if (end < 0) buffer.size else end
        if (end < 0 && size == 0L) return null
        val withoutCr = if (end > 0 && buffer[end - 1] == CR) end - 1 else size
        if (withoutCr > maxLength) {
            throw LineTooLongException(source, linesBefore + 1, maxLength, "bytes")
        }
        val line = buffer.readString(withoutCr)
        buffer.skip((if (end < 0) size else end + 1) - withoutCr)
        linesBefore++
        return line
    }

    /**
     * The lines that are left, one after the other, as [readLine] reads them. What a collector does not take stays.
     *
     * @param maxLength how many bytes a line may have, without its end
     * @return a flow that fails as [readLine] does
     */
    public fun lines(maxLength: Int = MOST_IN_A_PIECE): Flow<String> = flow {
        while (true) emit(readLine(maxLength) ?: break)
    }

    /**
     * Reads up to a delimiter, and over it.
     *
     * @param delimiter at least a byte
     * @param maxLength how many bytes may come before it
     * @return what came before the delimiter, null if the source is at its end
     * @throws EOFException if the source ends without the delimiter, after some bytes, which are still in [buffer]
     * @throws IOException if the source fails, or there are more than [maxLength] bytes without a delimiter, which are
     *     still in [buffer]
     * @throws IllegalArgumentException if [delimiter] is empty or [maxLength] negative
     */
    public suspend fun readUntil(delimiter: ByteString, maxLength: Int = MOST_IN_A_PIECE): Buffer? {
        require(delimiter.size > 0) { "The delimiter must not be empty" }
        require(maxLength >= 0) { "maxLength must not be negative, got $maxLength" }
        val at = find(maxLength.toLong() + delimiter.size) { seen ->
            buffer.indexOf(delimiter, maxOf(0, seen - delimiter.size + 1))
        }
        if (at > maxLength || (at < 0 && buffer.size >= maxLength.toLong() + delimiter.size)) {
            throw IOException("More than $maxLength bytes of $source without the delimiter")
        }
        if (at < 0) {
            if (buffer.exhausted()) return null
            throw EOFException("The source ends after ${buffer.size} bytes without the delimiter")
        }
        val found = Buffer()
        found.write(buffer, at)
        buffer.skip(delimiter.size.toLong())
        return found
    }

    /** Looks for something, and takes more of the source until it is there, there is no more, or [most] bytes are. */
    private suspend inline fun find(most: Long, indexOf: (Long) -> Long): Long {
        var seen = 0L
        while (true) {
            val at = indexOf(seen)
            if (at >= 0 || buffer.size >= most) return at
            seen = buffer.size
            if (!fill()) return -1
        }
    }

    /**
     * Looks at the next bytes, which stay to be read.
     *
     * @param byteCount how many
     * @return null if the source ends before
     * @throws IOException if the source fails
     * @throws IllegalArgumentException if [byteCount] is negative
     */
    public suspend fun peek(byteCount: Int): ByteString? {
        if (!request(byteCount.toLong())) return null
        return buffer.peek().readByteString(byteCount)
    }

    /**
     * Reads over bytes.
     *
     * @param byteCount how many at most
     * @return how many there were: fewer than [byteCount] only if the source has ended
     * @throws IOException if the source fails
     * @throws IllegalArgumentException if [byteCount] is negative
     */
    public suspend fun discard(byteCount: Long = Long.MAX_VALUE): Long {
        require(byteCount >= 0) { "byteCount must not be negative, got $byteCount" }
        var left = byteCount
        while (left > 0 && request(1)) {
            val part = minOf(left, buffer.size)
            buffer.skip(part)
            left -= part
        }
        return byteCount - left
    }

    /**
     * Reads at least 1, and up to as many bytes as remain in [target], and moves its position behind them. Suspends
     * only if nothing is there.
     *
     * @return the number of bytes, -1 at the end, 0 if nothing remains in [target]
     * @throws IOException if the source fails
     */
    public suspend fun readAvailable(target: ByteBuffer): Int {
        if (!target.hasRemaining()) return 0
        if (exhausted()) return -1
        return buffer.readAtMostTo(target)
    }

    /**
     * Reads at least 1, and up to [endIndex] - [startIndex] bytes into an array. Suspends only if nothing is there.
     *
     * @return the number of bytes, -1 at the end, 0 if there is no room
     * @throws IOException if the source fails
     * @throws IndexOutOfBoundsException if the indices are not those of a part of [target]
     */
    public suspend fun readAvailable(target: ByteArray, startIndex: Int = 0, endIndex: Int = target.size): Int {
        if (startIndex == endIndex) return 0
        if (exhausted()) return -1
        return buffer.readAtMostTo(target, startIndex, endIndex)
    }

    /**
     * Reads until nothing remains in [target]; unlike [readByteArray] in parts, so that there is never more than one
     * part in memory.
     *
     * @throws EOFException if the source ends before; the position of [target] tells what came
     * @throws IOException if the source fails
     */
    public suspend fun readFully(target: ByteBuffer) {
        while (target.hasRemaining()) {
            need(1)
            buffer.readAtMostTo(target)
        }
    }

    /**
     * Reads until the array is full.
     *
     * @throws EOFException if the source ends before
     * @throws IOException if the source fails
     */
    public suspend fun readFully(target: ByteArray): Unit = readFully(ByteBuffer.wrap(target))

    /**
     * Reads until the source ends.
     *
     * @param maxLength how many bytes that may be
     * @throws IOException if the source fails, or has more; what was read is still in [buffer]
     */
    public suspend fun readRemaining(maxLength: Long = Long.MAX_VALUE): Buffer {
        while (fill()) {
            if (buffer.size > maxLength) throw IOException("More than $maxLength bytes remain of $source")
        }
        return Buffer().also { it.transferFrom(buffer) }
    }

    override suspend fun readAtMostTo(sink: Buffer, byteCount: Long): Long {
        require(byteCount >= 0) { "byteCount must not be negative, got $byteCount" }
        if (byteCount == 0L) return 0
        if (exhausted()) return -1
        return buffer.readAtMostTo(sink, byteCount)
    }

    /** Closes the source, and drops what was not read. */
    override suspend fun close() {
        closed = true
        buffer.clear()
        source.close()
    }

    override fun toString(): String = "ReadChannel($source)"
}

/**
 * Reads numbers, lines and blocks from this source. What the channel has taken and nobody has read is missing for
 * whoever reads from the source directly. Closing the channel closes the source.
 */
public fun SuspendingSource.buffered(): ReadChannel = ReadChannel(this)

private const val PART = 64L * 1024
private const val MOST_IN_A_PIECE = 64 * 1024
private const val LF = '\n'.code.toByte()
private const val CR = '\r'.code.toByte()
