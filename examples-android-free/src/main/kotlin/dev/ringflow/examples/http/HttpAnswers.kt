package dev.ringflow.examples.http

import dev.ringflow.file.FileStat
import java.time.Instant
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import java.time.format.DateTimeParseException

/**
 * How a request for a file is answered: which part of it, and with which fields.
 *
 * @property first the first byte of the file that is sent
 * @property length how many bytes
 */
internal class HttpAnswer(
    val status: HttpStatus,
    val fields: List<Pair<String, String>>,
    val first: Long,
    val length: Long
)

/** Decides on conditions and ranges, see RFC 9110, sections 13 and 14. */
internal object HttpAnswers {
    private val DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC)
    private val RANGE = Regex("bytes=(\\d*)-(\\d*)")

    fun date(time: Instant): String = DATE.format(time)

    fun answer(request: HttpRequest, stat: FileStat, name: String): HttpAnswer {
        val tag = "\"${stat.modified.epochSecond.toString(
            16
        )}${stat.modified.nano.toString(16)}-${stat.size.toString(16)}\""
        val fields = mutableListOf(
            "ETag" to tag,
            "Last-Modified" to date(stat.modified),
            "Accept-Ranges" to "bytes",
            "Content-Type" to mediaType(name)
        )
        if (isUnchanged(request, tag, stat.modified)) {
            return HttpAnswer(HttpStatus.NOT_MODIFIED, fields, 0, 0)
        }
        val range =
            request.field("range")?.takeIf { rangeIsWanted(request, tag, stat.modified) }?.let(RANGE::matchEntire)
                ?: return HttpAnswer(HttpStatus.OK, fields, 0, stat.size)
        val (from, to) = range.destructured
        val first: Long
        val last: Long
        if (from.isEmpty()) {
            val suffix = to.toLongOrNull() ?: return HttpAnswer(HttpStatus.OK, fields, 0, stat.size)
            first = maxOf(0, stat.size - suffix)
            last = if (suffix == 0L) -1 else stat.size - 1
        } else {
            first = from.toLongOrNull() ?: Long.MAX_VALUE
            last = minOf(stat.size - 1, if (to.isEmpty()) Long.MAX_VALUE else to.toLongOrNull() ?: Long.MAX_VALUE)
        }
        if (first > last) {
            throw HttpFailure(
                HttpStatus.RANGE_NOT_SATISFIABLE,
                "The file has ${stat.size} bytes",
                listOf("Content-Range" to "bytes */${stat.size}")
            )
        }
        fields += "Content-Range" to "bytes $first-$last/${stat.size}"
        return HttpAnswer(HttpStatus.PARTIAL_CONTENT, fields, first, last - first + 1)
    }

    private fun isUnchanged(request: HttpRequest, tag: String, modified: Instant): Boolean {
        val tags = request.field("if-none-match")
        if (tags != null) {
            return tags.split(',').map { it.trim().removePrefix("W/") }.any { it == tag || it == "*" }
        }
        val since = request.field("if-modified-since")?.let(::parse) ?: return false
        return modified.epochSecond <= since.epochSecond
    }

    private fun rangeIsWanted(request: HttpRequest, tag: String, modified: Instant): Boolean {
        val condition = request.field("if-range") ?: return true
        return condition == tag || parse(condition)?.epochSecond == modified.epochSecond
    }

    private fun parse(date: String): Instant? = try {
        Instant.from(DATE.parse(date))
    } catch (_: DateTimeParseException) {
        null
    }

    private fun mediaType(name: String): String = when (name.substringAfterLast('.', "").lowercase()) {
        "html", "htm" -> "text/html; charset=utf-8"
        "css" -> "text/css; charset=utf-8"
        "js", "mjs" -> "text/javascript; charset=utf-8"
        "txt", "md", "log" -> "text/plain; charset=utf-8"
        "json", "map" -> "application/json"
        "xml" -> "application/xml"
        "svg" -> "image/svg+xml"
        "png" -> "image/png"
        "jpg", "jpeg" -> "image/jpeg"
        "gif" -> "image/gif"
        "webp" -> "image/webp"
        "ico" -> "image/x-icon"
        "woff2" -> "font/woff2"
        "pdf" -> "application/pdf"
        "wasm" -> "application/wasm"
        else -> "application/octet-stream"
    }
}
