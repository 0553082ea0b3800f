package dev.ringflow.docs

/** The documentation cannot be built as it was written; the message says where and why. */
class DocumentationException(message: String) : Exception(message)
