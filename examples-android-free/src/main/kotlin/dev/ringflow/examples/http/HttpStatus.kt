package dev.ringflow.examples.http

/** What became of a request, see RFC 9110. */
internal enum class HttpStatus(val code: Int, val reason: String) {
    OK(200, "OK"),
    PARTIAL_CONTENT(206, "Partial Content"),
    MOVED_PERMANENTLY(301, "Moved Permanently"),
    NOT_MODIFIED(304, "Not Modified"),
    BAD_REQUEST(400, "Bad Request"),
    FORBIDDEN(403, "Forbidden"),
    NOT_FOUND(404, "Not Found"),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    CONTENT_TOO_LARGE(413, "Content Too Large"),
    RANGE_NOT_SATISFIABLE(416, "Range Not Satisfiable"),
    FIELDS_TOO_LARGE(431, "Request Header Fields Too Large"),
    INTERNAL_SERVER_ERROR(500, "Internal Server Error"),
    NOT_IMPLEMENTED(501, "Not Implemented"),
    VERSION_NOT_SUPPORTED(505, "HTTP Version Not Supported")
}

/** A request that gets no file. The message goes to the client. */
internal class HttpFailure(
    val status: HttpStatus,
    message: String,
    val fields: List<Pair<String, String>> = emptyList()
) : Exception(message)
