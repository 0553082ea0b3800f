package dev.ringflow.coroutines

import dev.ringflow.file.RingFile
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.CharBuffer
import java.nio.charset.Charset
import java.nio.charset.CoderResult
import java.nio.charset.CodingErrorAction
import java.nio.file.Path

/**
 * The lines of a text file, in order, read ahead as by [chunks].
 *
 * A line ends with `\n` or `\r\n`, which are not part of it; a lone `\r` is. What follows the last end of line is a
 * line too, if there is anything. A byte order mark is not looked for, and comes as the first character.
 *
 * ```
 * file.lines().filter { "ERROR" in it }.take(10).collect(::println)
 * ```
 *
 * Lines may be of any length up to [maxLength], and longer than what is read at once. The strings are the collector's
 * for ever, so operators with queues such as `buffer` and `flowOn` are fine.
 *
 * ### Cancellation
 *
 * When the collector is cancelled, fails, or has enough as with `take`, the reads in flight are cancelled, and the
 * collection ends when the kernel has let go of all buffers.
 *
 * @param charset how the bytes are to be understood
 * @param position where to begin, in bytes from the beginning of the file
 * @param maxLength how many characters (UTF-16 units) a line may have, without its end
 * @param onMalformed what to do about bytes that are nothing in [charset]: fail, put its replacement character in
 *     their place, or leave them out
 * @return a cold flow; it fails as [RingFile.read] does, with [LineTooLongException], and, if [onMalformed] is
 *     `REPORT`, with [java.nio.charset.MalformedInputException] or [java.nio.charset.UnmappableCharacterException]
 * @throws IllegalArgumentException if [position] is negative or [maxLength] less than 1
 */
public fun RingFile.lines(
    charset: Charset = Charsets.UTF_8,
    position: Long = 0,
    maxLength: Int = MAX_LINE,
    onMalformed: CodingErrorAction = CodingErrorAction.REPORT
): Flow<String> {
    require(maxLength >= 1) { "maxLength must be at least 1, got $maxLength" }
    return lines(chunkSize = LINES_CHUNK, position) { LineSplitter(path(), charset, onMalformed, maxLength) }
}

/** For tests, which want chunks so small that everything falls across their ends. */
internal fun RingFile.lines(chunkSize: Int, position: Long, newSplitter: () -> LineSplitter): Flow<String> {
    val chunks = chunks(chunkSize, position)
    return flow {
        val splitter = newSplitter()
        chunks.collect { chunk -> splitter.feed(chunk.byteBuffer(), ::emit) }
        splitter.end(::emit)
    }
}

/**
 * Thrown by [lines] and [ReadChannel.readLine] if a line is longer than it may be; also what comes of bytes that have no
 * lines at all.
 */
public class LineTooLongException internal constructor(whose: Any, line: Long, maxLength: Int, unit: String) :
    IOException(
        "Line $line of $whose has more than $maxLength $unit. " +
            "If that is meant to be so, ask for more with maxLength = …; if it is no text, read it as bytes."
    ) {
    /** The number of the line, counted from 1 where the reading of lines began. */
    public val line: Long = line

    /** How many were allowed: characters of a file, bytes of a channel. */
    public val maxLength: Int = maxLength
}

private const val MAX_LINE = 1 shl 20
private const val LINES_CHUNK = 64 * 1024

/** Decodes bytes and cuts them into lines, whatever pieces the bytes come in. */
internal class LineSplitter(
    private val path: Path,
    charset: Charset,
    onMalformed: CodingErrorAction,
    private val maxLength: Int
) {
    private val decoder = charset.newDecoder().onMalformedInput(onMalformed).onUnmappableCharacter(onMalformed)

    /** Ready for reading; what is left in it is the beginning of a character. */
    private val bytes = ByteBuffer.allocate(PIECE).limit(0)
    private val chars = CharBuffer.allocate(PIECE)

    /** The beginning of a line whose end has not come yet. */
    private val line = StringBuilder()
    private var linesBefore = 0L

    suspend fun feed(source: ByteBuffer, emit: suspend (String) -> Unit) {
        while (source.hasRemaining()) {
            bytes.compact()
            val count = minOf(bytes.remaining(), source.remaining())
            bytes.put(source.slice(source.position(), count)).flip()
            source.position(source.position() + count)
            decode(emit) { decoder.decode(bytes, chars, false) }
        }
    }

    /** No more bytes will come. */
    suspend fun end(emit: suspend (String) -> Unit) {
        decode(emit) { decoder.decode(bytes, chars, true) }
        decode(emit) { decoder.flush(chars) }
        if (line.isNotEmpty()) {
            requireAtMost(maxLength)
            emit(line.toString())
        }
    }

    private suspend inline fun decode(noinline emit: suspend (String) -> Unit, step: () -> CoderResult) {
        do {
            chars.clear()
            val result = step()
            cut(chars.flip(), emit)
            if (result.isError) result.throwException()
        } while (result.isOverflow)
    }

    private suspend fun cut(decoded: CharBuffer, emit: suspend (String) -> Unit) {
        val array = decoded.array()
        var start = 0
        for (i in 0 until decoded.limit()) {
            if (array[i] == '\n') {
                line.append(array, start, i - start)
                start = i + 1
                if (line.endsWith('\r')) line.setLength(line.length - 1)
                requireAtMost(maxLength)
                linesBefore++
                val whole = line.toString()
                line.setLength(0)
                emit(whole)
            }
        }
        line.append(array, start, decoded.limit() - start)
        requireAtMost(if (line.endsWith('\r')) maxLength.toLong() + 1 else maxLength.toLong())
    }

    private fun requireAtMost(length: Long) {
        if (line.length > length) throw LineTooLongException(path, linesBefore + 1, maxLength, "characters")
    }

    private fun requireAtMost(length: Int) = requireAtMost(length.toLong())

    private companion object {
        const val PIECE = 8192
    }
}
