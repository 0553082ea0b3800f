package dev.ringflow.examples.http

import dev.ringflow.coroutines.closeAndJoin
import dev.ringflow.coroutines.copyTo
import dev.ringflow.coroutines.readFully
import dev.ringflow.coroutines.receive
import dev.ringflow.coroutines.sendFully
import dev.ringflow.coroutines.shutdownOutput
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.withTimeoutOrNull
import java.nio.ByteBuffer
import java.time.Instant
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * One connection: requests one after the other, also when a client sends several at once.
 *
 * @param input where requests are received: nothing longer is taken as a head
 * @param output where answers are put together: content that fits in is sent with its head, in one piece
 * @param patience how long to wait for a request
 */
internal class HttpConnection(
    private val socket: RingSocket,
    private val files: HttpFiles,
    private val input: ByteBuffer,
    private val output: ByteBuffer,
    private val patience: Duration,
    private val counters: HttpCounters
) {
    /** Serves until the client has enough, says something that is no HTTP, or is silent for too long. */
    suspend fun serve() {
        input.clear().limit(0)
        while (true) {
            val goesOn = try {
                val request = receiveRequest() ?: return
                counters.requests++
                answer(request)
            } catch (e: HttpFailure) {
                counters.failures++
                refuse(e, keepAlive = false, withContent = true)
                letThemRead()
                false
            }
            if (!goesOn) {
                return
            }
        }
    }

    /** Closing with something unread would reset the connection, and take the answer from whoever has not read it yet. */
    private suspend fun letThemRead() {
        socket.shutdownOutput()
        withTimeoutOrNull(LAST_PATIENCE) {
            var left = MOST_IGNORED
            while (left > 0) {
                input.clear()
                val received = socket.receive(input)
                left -= if (received < 0) left else received
            }
        }
    }

    /** The next request; null at the end of the connection. */
    private suspend fun receiveRequest(): HttpRequest? {
        while (true) {
            HttpRequest.parse(input)?.let { return it }
            input.compact()
            if (!input.hasRemaining()) {
                input.flip()
                throw HttpFailure(
                    HttpStatus.FIELDS_TOO_LARGE,
                    "The head of a request has ${input.capacity()} bytes at most"
                )
            }
            val received = withTimeoutOrNull(patience) { socket.receive(input) } ?: -1
            input.flip()
            if (received < 0) {
                return null
            }
        }
    }

    /** Answers a request; false if the connection is to be closed. */
    private suspend fun answer(request: HttpRequest): Boolean {
        if (request.contentLength > 0) {
            throw HttpFailure(HttpStatus.CONTENT_TOO_LARGE, "No content is taken here")
        }
        val head = request.method == "HEAD"
        if (!head && request.method != "GET") {
            val allowed =
                HttpFailure(HttpStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD", listOf("Allow" to "GET, HEAD"))
            return refuse(allowed, request.keepsAlive, withContent = true)
        }
        val found = try {
            files.find(request.target)
        } catch (e: HttpFailure) {
            return refuse(e, request.keepsAlive, withContent = !head)
        }
        try {
            val answer = try {
                HttpAnswers.answer(request, found.stat, found.name)
            } catch (e: HttpFailure) {
                return refuse(e, request.keepsAlive, withContent = !head)
            }
            writeHead(answer.status, answer.fields, answer.length, request.keepsAlive)
            if (!head && answer.length > 0) {
                return send(found, answer) && request.keepsAlive
            }
            flush()
            return request.keepsAlive
        } finally {
            found.file.closeAndJoin()
        }
    }

    private suspend fun send(found: HttpFiles.Found, answer: HttpAnswer): Boolean {
        if (answer.length <= output.remaining()) {
            output.limit(output.position() + answer.length.toInt())
            found.file.readFully(output, answer.first)
            flush()
            return true
        }
        flush()
        val sent = found.file.copyTo(answer.first, answer.length, socket)
        counters.bytes += sent
        return sent == answer.length // a file that has become shorter: the promise cannot be kept
    }

    private suspend fun refuse(failure: HttpFailure, keepAlive: Boolean, withContent: Boolean): Boolean {
        val content = "${failure.status.code} ${failure.status.reason}: ${failure.message}\n".encodeToByteArray()
        writeHead(
            failure.status,
            failure.fields + ("Content-Type" to "text/plain; charset=utf-8"),
            content.size.toLong(),
            keepAlive
        )
        if (withContent) {
            output.put(content)
        }
        flush()
        return keepAlive
    }

    private fun writeHead(status: HttpStatus, fields: List<Pair<String, String>>, length: Long, keepAlive: Boolean) {
        val head = buildString {
            append("HTTP/1.1 ").append(status.code).append(' ').append(status.reason).append("\r\n")
            append("Date: ").append(counters.date()).append("\r\n")
            for ((name, value) in fields) {
                append(name).append(": ").append(value.replace(LINE_END, "")).append("\r\n")
            }
            if (status != HttpStatus.NOT_MODIFIED) {
                append("Content-Length: ").append(length).append("\r\n")
            }
            append(if (keepAlive) "Connection: keep-alive\r\n\r\n" else "Connection: close\r\n\r\n")
        }
        output.clear()
        output.put(head.toByteArray(Charsets.ISO_8859_1))
    }

    private suspend fun flush() {
        output.flip()
        counters.bytes += socket.sendFully(output)
    }

    private companion object {
        val LINE_END = Regex("[\r\n]")
        val LAST_PATIENCE = 1.seconds
        const val MOST_IGNORED = 256 * 1024
    }
}

/** What a server has done so far. All of it happens on the loop thread. */
internal class HttpCounters {
    var connections = 0L
    var requests = 0L
    var failures = 0L
    var bytes = 0L

    private var second = 0L
    private var text = ""

    /** The time of an answer, made once a second. */
    fun date(): String {
        val now = System.currentTimeMillis() / MILLIS
        if (now != second) {
            second = now
            text = HttpAnswers.date(Instant.ofEpochSecond(now))
        }
        return text
    }

    private companion object {
        const val MILLIS = 1000L
    }
}
