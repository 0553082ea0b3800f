package dev.ringflow.examples.http

import java.nio.ByteBuffer

/**
 * The head of a request, as RFC 9112 has it.
 *
 * @property method such as `GET`
 * @property target what is asked for, as it was sent
 * @property minorVersion 0 or 1, of HTTP/1
 */
internal class HttpRequest(
    val method: String,
    val target: String,
    private val minorVersion: Int,
    private val fields: Map<String, String>
) {
    /** The value of a field, whose [name] is in lower case; several are joined by commas. */
    fun field(name: String): String? = fields[name]

    /** Whether the client wants to send another request on the connection. */
    val keepsAlive: Boolean
        get() {
            val wishes = field("connection").orEmpty().lowercase().split(',').map(String::trim)
            return if (minorVersion == 0) "keep-alive" in wishes else "close" !in wishes
        }

    /** How many bytes of content follow the head. */
    val contentLength: Long
        get() {
            val length = field("content-length") ?: return 0
            return length.toLongOrNull()?.takeIf { it >= 0 && length.all(Char::isDigit) }
                ?: throw HttpFailure(HttpStatus.BAD_REQUEST, "Content-Length is no number")
        }

    companion object {
        private const val CR = '\r'.code.toByte()
        private const val LF = '\n'.code.toByte()
        private val TOKEN = Regex("[!#$%&'*+.^_`|~0-9A-Za-z-]+")

        /**
         * Reads a head from [bytes], between position and limit, and moves the position behind it; null if its end has not
         * come yet.
         */
        fun parse(bytes: ByteBuffer): HttpRequest? {
            while (bytes.hasRemaining() && isLineEnd(bytes.get(bytes.position()))) {
                bytes.get() // empty lines before a request are no error
            }
            val end = endOfHead(bytes)
            if (end < 0) {
                return null
            }
            val head = ByteArray(end - bytes.position())
            bytes.get(head)
            val lines = String(head, Charsets.ISO_8859_1).split('\n').map { it.removeSuffix("\r") }
            val first = lines.first().split(' ')
            if (first.size != 3 || !TOKEN.matches(first[0])) {
                throw HttpFailure(HttpStatus.BAD_REQUEST, "This is no request line")
            }
            val version = when (first[2]) {
                "HTTP/1.1" -> 1

                "HTTP/1.0" -> 0

                else -> throw HttpFailure(
                    HttpStatus.VERSION_NOT_SUPPORTED,
                    "Only HTTP/1.0 and HTTP/1.1 are spoken here"
                )
            }
            return HttpRequest(first[0], first[1], version, fields(lines.drop(1).filter(String::isNotEmpty)))
                .also { it.requireSane(version) }
        }

        private fun isLineEnd(byte: Byte) = byte == CR || byte == LF

        /** The index behind the empty line that ends the head, or -1. */
        private fun endOfHead(bytes: ByteBuffer): Int {
            var lineIsEmpty = false
            for (i in bytes.position() until bytes.limit()) {
                when (bytes.get(i)) {
                    LF -> if (lineIsEmpty) return i + 1 else lineIsEmpty = true
                    CR -> Unit
                    else -> lineIsEmpty = false
                }
            }
            return -1
        }

        private fun fields(lines: List<String>): Map<String, String> {
            val fields = HashMap<String, String>()
            for (line in lines) {
                val name = line.substringBefore(':', "")
                if (!TOKEN.matches(name)) {
                    throw HttpFailure(HttpStatus.BAD_REQUEST, "This is no field line")
                }
                fields.merge(name.lowercase(), line.substring(name.length + 1).trim()) { one, other -> "$one, $other" }
            }
            return fields
        }
    }

    private fun requireSane(version: Int) {
        if (version == 1 && field("host") == null) {
            throw HttpFailure(HttpStatus.BAD_REQUEST, "A request of HTTP/1.1 names its host")
        }
        if (field("transfer-encoding") != null) {
            throw HttpFailure(HttpStatus.NOT_IMPLEMENTED, "No content is taken here, least of all in chunks")
        }
    }
}
